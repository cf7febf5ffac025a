import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Waiting } from '../../static/js/booth/waiting.js'

const visit = (id, at = 0) => ({ id, code: `Y1${id}`, note: '', at })

function localStorage() {
  const kept = new Map()
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, text) => kept.set(name, text) }
}

test('what waits outlives the page, the oldest first', () => {
  const storage = localStorage()
  const waiting = new Waiting('A-01', storage)

  waiting.keep(visit('a', 1))
  waiting.keep(visit('b', 2))

  const later = new Waiting('A-01', storage)
  assert.deepEqual(later.all, [visit('a', 1), visit('b', 2)])
  assert.equal(later.count, 2)
  assert.equal(later.oldestAt, 1)
})

test('each booth has its own', () => {
  const storage = localStorage()
  new Waiting('A-01', storage).keep(visit('a'))

  assert.deepEqual(new Waiting('A-02', storage).all, [])
})

test('what was answered is gone, and the same visit waits once', () => {
  const storage = localStorage()
  const waiting = new Waiting('A-01', storage)
  waiting.keep(visit('a'))
  waiting.keep(visit('a'))
  waiting.keep(visit('b'))

  waiting.drop('a')

  assert.deepEqual(new Waiting('A-01', storage).all, [visit('b')])
  assert.equal(new Waiting('A-02', storage).oldestAt, null)
})

test('a browser that keeps nothing still remembers while the page is open', () => {
  const refuses = () => { throw new Error('denied') }
  const waiting = new Waiting('A-01', { getItem: refuses, setItem: refuses })

  waiting.keep(visit('a'))

  assert.deepEqual(waiting.all, [visit('a')])
})

test('what is no list is nothing', () => {
  for (const text of ['{', '{}', '"x"']) {
    assert.deepEqual(new Waiting('A-01', { getItem: () => text, setItem() {} }).all, [])
  }
})
