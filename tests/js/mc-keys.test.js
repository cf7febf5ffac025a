import assert from 'node:assert/strict'
import { test } from 'node:test'

import { swipeFor, turnFor } from '../../static/js/stage/mc-keys.js'

for (const [key, turn] of [
  ['ArrowRight', 'next'],
  ['ArrowDown', 'next'],
  ['PageDown', 'next'],
  [' ', 'next'],
  ['Enter', 'next'],
  ['ArrowLeft', 'previous'],
  ['ArrowUp', 'previous'],
  ['PageUp', 'previous'],
  ['Home', 'first'],
  ['End', 'last'],
  ['a', null],
  ['F5', null],
]) {
  test(`the key ${key} means ${turn}`, () => {
    assert.equal(turnFor({ key }), turn)
  })
}

test('shift and space go back, as on a page that scrolls', () => {
  assert.equal(turnFor({ key: ' ', shiftKey: true }), 'previous')
})

for (const modifier of ['ctrlKey', 'altKey', 'metaKey', 'repeat']) {
  test(`a key with ${modifier} turns nothing`, () => {
    assert.equal(turnFor({ key: 'ArrowRight', [modifier]: true }), null)
  })
}

test('a button that has the focus keeps space and enter, and a clicker still turns', () => {
  assert.deepEqual([' ', 'Enter', 'PageDown'].map((key) => turnFor({ key }, true)), [null, null, 'next'])
})

test('a finger to the left turns on, to the right back', () => {
  assert.deepEqual([swipeFor({ dx: -200, dy: 20, ms: 200 }), swipeFor({ dx: 200, dy: -20, ms: 200 })], ['next', 'previous'])
})

for (const [why, given] of [
  ['a short one', { dx: 40, dy: 0, ms: 100 }],
  ['a slanting one', { dx: 100, dy: 90, ms: 100 }],
  ['a slow one', { dx: 300, dy: 0, ms: 2000 }],
]) {
  test(`${why} turns nothing`, () => {
    assert.equal(swipeFor(given), null)
  })
}
