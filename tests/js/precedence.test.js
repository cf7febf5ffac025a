import assert from 'node:assert/strict'
import { test } from 'node:test'

import { filled, indexAt } from '../../static/js/stage/precedence.js'

const BOXES = [
  { top: 0, height: 40 },
  { top: 40, height: 60 },
  { top: 100, height: 40 },
]

test('whoever is dropped in the upper half of a box goes before it, in the lower half behind it', () => {
  assert.deepEqual([10, 30, 69, 71].map((y) => indexAt(y, BOXES)), [0, 1, 1, 2])
})

test('whoever is dropped above the list is the first, below it the last', () => {
  assert.deepEqual([indexAt(-50, BOXES), indexAt(500, BOXES), indexAt(5, [])], [0, 3, 0])
})

test('words are filled, and what nobody gave stays as it is', () => {
  assert.equal(filled('{name} to {position} {else}', { name: '陈伟', position: 3 }), '陈伟 to 3 {else}')
})
