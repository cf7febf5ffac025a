import assert from 'node:assert/strict'
import { test } from 'node:test'

import { placeOf } from '../../static/js/stage/running-order.js'

test('a part takes the place of the one it is dropped on', () => {
  assert.equal(placeOf(0, 3), 4)
  assert.equal(placeOf(4, 1), 2)
})

test('a part dropped on itself or beside the list stays', () => {
  assert.equal(placeOf(2, 2), null)
  assert.equal(placeOf(2, -1), null)
})
