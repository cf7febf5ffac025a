import assert from 'node:assert/strict'
import { test } from 'node:test'

import { McMemory, newer } from '../../static/js/stage/mc-memory.js'

const HOUR_MS = 3600_000

/** A browser's storage. */
function store() {
  const held = new Map()
  return {
    getItem: (name) => held.get(name) ?? null,
    setItem: (name, text) => held.set(name, text),
    removeItem: (name) => held.delete(name),
    held,
  }
}

const broken = {
  getItem() {
    throw new Error('denied')
  },
  setItem() {
    throw new Error('full')
  },
  removeItem() {
    throw new Error('denied')
  },
}

test('what was written is read again, by event', () => {
  const kept = store()
  const memory = new McMemory('one', { store: kept, now: () => 0 })

  assert.equal(memory.write({ cues: { version: 'v1' }, language: 'en' }), true)

  assert.deepEqual(new McMemory('one', { store: kept, now: () => HOUR_MS }).read(), { cues: { version: 'v1' }, language: 'en' })
  assert.deepEqual(new McMemory('two', { store: kept, now: () => HOUR_MS }).read(), {})
})

test('names do not stay for longer than two days', () => {
  const kept = store()
  new McMemory('one', { store: kept, now: () => 0 }).write({ language: 'en' })

  assert.deepEqual(new McMemory('one', { store: kept, now: () => 49 * HOUR_MS }).read(), {})
})

test('what is forgotten is gone', () => {
  const kept = store()
  const memory = new McMemory('one', { store: kept })
  memory.write({ language: 'en' })

  memory.forget()

  assert.deepEqual([memory.read(), kept.held.size], [{}, 0])
})

test('a browser that keeps nothing, or something else, stops nobody', () => {
  const nowhere = new McMemory('one', { store: broken })
  const odd = store()
  odd.setItem('yingbin-mc:one', '{')

  nowhere.forget()
  assert.deepEqual([nowhere.read(), nowhere.write({}), new McMemory('one', { store: odd }).read()], [{}, false, {}])
})

test('of two readings the later one counts', () => {
  const early = { at: '2026-03-02T12:00:00+08:00' }
  const late = { at: '2026-03-02T04:00:01+00:00' }

  assert.deepEqual([newer(early, late), newer(late, early), newer(early, undefined)], [late, late, early])
})
