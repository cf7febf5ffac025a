import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Presses } from '../../static/js/stage/presses.js'

function at(clock) {
  return new Presses(() => clock.now)
}

test('a press counts once', () => {
  const clock = { now: 0 }
  const presses = at(clock)
  const form = {}
  presses.appeared(form)
  clock.now = 1_000

  assert.equal(presses.takes(form), true)
  assert.equal(presses.takes(form), false)
})

test('a button that has only just appeared takes no press', () => {
  const clock = { now: 5_000 }
  const presses = at(clock)
  const form = {}
  presses.appeared(form)

  clock.now = 5_699
  assert.equal(presses.takes(form), false)
  clock.now = 5_700
  assert.equal(presses.takes(form), true)
})

test('a button that was never seen to appear takes no press', () => {
  const clock = { now: 5_000 }

  assert.equal(at(clock).takes({}), false)
})

test('on the way back a press counts again', () => {
  const clock = { now: 0 }
  const presses = at(clock)
  const form = {}
  presses.appeared(form)
  clock.now = 1_000
  presses.takes(form)

  presses.returned()

  assert.equal(presses.takes(form), true)
})
