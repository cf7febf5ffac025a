import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Clock } from '../../static/js/door/clock.js'

const NOON = Date.parse('2026-03-02T04:00:00Z')

/** A device that is `behindMs` behind the server; `hear` is an answer that was under way for `tookMs`. */
function device({ behindMs = 0, skewMs = null } = {}) {
  const state = { now: NOON - behindMs }
  const clock = new Clock({ skewMs, now: () => state.now })
  const hear = (tookMs, { behind = behindMs, late = 0 } = {}) => {
    const middle = state.now
    const at = new Date(middle + behind + late).toISOString()
    clock.heard(at, { sentAt: middle - tookMs / 2, receivedAt: middle + tookMs / 2 })
  }
  return { clock, hear, state }
}

test('nobody told, so the device believes itself', () => {
  const { clock } = device()

  assert.deepEqual([clock.skewMs, clock.now()], [null, NOON])
})

test('a device an hour behind knows the server’s time and still sends its own', () => {
  const { clock, hear } = device({ behindMs: 3_600_000 })

  hear(40)

  assert.deepEqual([clock.skewMs, clock.now()], [3_600_000, NOON])
  assert.equal(clock.device(), '2026-03-02T03:00:00.000Z')
})

test('the answer that travelled fastest is believed', () => {
  const { clock, hear } = device()

  hear(20)
  hear(1600, { late: 700 })

  assert.equal(clock.skewMs, 0)
})

test('a clock that somebody sets is measured anew', () => {
  const { clock, hear } = device()
  hear(10)

  hear(200, { behind: 600_000 })

  assert.equal(clock.skewMs, 600_000)
})

test('what was known when the page was closed counts until somebody tells', () => {
  const { clock, hear } = device({ skewMs: 90_000, behindMs: 91_000 })
  assert.equal(clock.skewMs, 90_000)

  hear(30)

  assert.equal(clock.skewMs, 91_000)
})

test('a date that is none, and a clock that ran backwards meanwhile, tell nothing', () => {
  const { clock } = device()

  clock.heard('soon', { sentAt: 0, receivedAt: 10 })
  clock.heard('2026-03-02T04:00:00Z', { sentAt: NOON, receivedAt: NOON - 5 })

  assert.equal(clock.skewMs, null)
})
