import assert from 'node:assert/strict'
import { test } from 'node:test'

import { isOverridable, passes, signOf, toneOf } from '../../static/js/door/screens.js'
import { figureOf } from '../../static/js/door/sounds.js'

const SCREENS = {
  reading: ['reading', 'wait', 'read'],
  no_answer: ['waiting', 'wait', 'amber'],
  not_recorded: ['amber', 'alert', 'amber'],
  admitted: ['green', 'check', 'green'],
  admitted_vip: ['honour', 'star', 'honour'],
  reentered: ['green', 'loop', 'green'],
  exited: ['blue', 'exit', 'exit'],
  valid_unsynced: ['striped', 'valid', 'green'],
  already_inside: ['amber', 'repeat', 'amber'],
  wrong_gate: ['amber', 'signpost', 'amber'],
  too_early: ['amber', 'clock', 'amber'],
  too_late: ['amber', 'clock', 'amber'],
  zone_full: ['amber', 'full', 'amber'],
  not_confirmed: ['amber', 'alert', 'amber'],
  cancelled: ['red', 'cross', 'red'],
  revoked: ['red', 'cross', 'red'],
  other_event: ['red', 'cross', 'red'],
  unknown: ['red', 'cross', 'red'],
}

for (const [name, looks] of Object.entries(SCREENS)) {
  test(`${name} is ${looks.join(', ')}`, () => {
    assert.deepEqual([toneOf(name), signOf(name), figureOf(name)], looks)
  })
}

test('a verdict of a later version asks for attention by colour, sign and sound', () => {
  const name = 'a verdict of a later version'

  assert.deepEqual([toneOf(name), signOf(name), figureOf(name)], ['amber', 'alert', 'amber'])
})

test('only what asks nothing of the steward leaves the focus where it is', () => {
  assert.deepEqual(Object.keys(SCREENS).filter(passes), ['reading', 'admitted', 'reentered', 'exited', 'valid_unsynced'])
})

test('a lead overrides what a gate says, never who somebody is', () => {
  assert.deepEqual(Object.keys(SCREENS).filter(isOverridable), ['wrong_gate', 'too_early', 'too_late', 'zone_full'])
})
