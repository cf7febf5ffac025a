import assert from 'node:assert/strict'
import { test } from 'node:test'

import { figureOf } from '../../static/js/door/sounds.js'

for (const [name, figure] of [
  ['reading', 'read'],
  ['admitted', 'green'],
  ['valid_unsynced', 'green'],
  ['admitted_vip', 'honour'],
  ['exited', 'exit'],
  ['unknown', 'red'],
  ['already_inside', 'amber'],
  ['no_answer', 'amber'],
  ['not_recorded', 'amber'],
  ['a verdict of a later version', 'amber'],
]) {
  test(`${name} sounds ${figure}`, () => {
    assert.equal(figureOf(name), figure)
  })
}
