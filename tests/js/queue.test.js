import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Queue } from '../../static/js/door/queue.js'

function storage(items = {}) {
  const kept = new Map(Object.entries(items))
  return { getItem: (name) => kept.get(name) ?? null, setItem: (name, value) => kept.set(name, value) }
}

const ids = (queue) => queue.waiting.map((scan) => scan.id)

test('scans wait in the order in which they came', () => {
  const queue = new Queue(storage(), 'door')

  for (const id of ['a', 'b', 'c']) queue.add({ id })

  assert.deepEqual([ids(queue), queue.size], [['a', 'b', 'c'], 3])
})

test('an answered scan no longer waits', () => {
  const queue = new Queue(storage(), 'door')
  for (const id of ['a', 'b']) queue.add({ id })

  queue.remove('a')
  queue.remove('never')

  assert.deepEqual(ids(queue), ['b'])
})

test('the same scan is kept once, as it was first', () => {
  const queue = new Queue(storage(), 'door')

  queue.add({ id: 'a', gate: 'north' })
  queue.add({ id: 'a', gate: 'south' })

  assert.deepEqual(queue.waiting, [{ id: 'a', gate: 'north' }])
})

test('scans survive a reload, under the name of their event', () => {
  const shelf = storage()
  new Queue(shelf, 'door.1').add({ id: 'a', code: 'Y1' })

  assert.deepEqual(new Queue(shelf, 'door.1').waiting, [{ id: 'a', code: 'Y1' }])
  assert.deepEqual(new Queue(shelf, 'door.2').waiting, [])
})

for (const broken of ['{', 'null', '"text"', '{"id": 1}', '[null, {"id": 7}, {}]']) {
  test(`a spoilt storage is an empty queue: ${broken}`, () => {
    const queue = new Queue(storage({ door: broken }), 'door')

    queue.add({ id: 'a' })

    assert.deepEqual(ids(queue), ['a'])
  })
}

test('a storage that refuses loses nothing while the page is open', () => {
  const refuses = () => {
    throw new Error('QuotaExceededError')
  }
  const queue = new Queue({ getItem: refuses, setItem: refuses }, 'door')

  queue.add({ id: 'a' })

  assert.deepEqual(ids(queue), ['a'])
})
