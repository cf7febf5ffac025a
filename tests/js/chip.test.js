import assert from 'node:assert/strict'
import { test } from 'node:test'

import { ageOf, chipOf } from '../../static/js/door/chip.js'

const WORDS = {
  online: 'Connected',
  connecting: 'Connecting',
  offline: 'Offline',
  signed_out: 'Signed out',
  waiting: '{count} waiting',
  conflicts: '{count} in conflict',
  data_minutes: '{count} min',
  data_hours: '{count} h',
}
const NOW = 1_800_000_000_000
const MINUTE = 60_000

for (const [how, state, name, text] of [
  ['nothing is known yet', { reachable: null }, 'connecting', 'Connecting'],
  ['the server answers', { reachable: true, waiting: 0 }, 'online', 'Connected'],
  ['one scan is under way', { reachable: true, waiting: 1 }, 'online', 'Connected'],
  ['many are being sent', { reachable: true, waiting: 40 }, 'online', 'Connected · 40 waiting'],
  ['no answer came', { reachable: false, waiting: 2 }, 'offline', 'Offline · 2 waiting'],
  ['the device decides by itself', { reachable: true, offline: true, waiting: 0 }, 'offline', 'Offline'],
  ['the session has ended', { reachable: true, signedOut: true, waiting: 1 }, 'signed_out', 'Signed out · 1 waiting'],
  ['records disagree', { reachable: true, conflicts: 2 }, 'online', 'Connected · 2 in conflict'],
  [
    'everything is wrong',
    { reachable: false, waiting: 12, dataAt: NOW - 4 * MINUTE, conflicts: 1 },
    'offline',
    'Offline · 12 waiting · 4 min · 1 in conflict',
  ],
]) {
  test(`when ${how} the chip says “${text}”`, () => {
    assert.deepEqual(chipOf(state, WORDS, NOW), { name, text })
  })
}

test('the age of the list is told from two minutes on, and in hours from one hour on', () => {
  const ages = [null, NOW, NOW - 2 * MINUTE + 1, NOW - 2 * MINUTE, NOW - 59 * MINUTE, NOW - 60 * MINUTE, NOW - 150 * MINUTE]

  assert.deepEqual(ages.map((at) => ageOf(at, WORDS, NOW)), ['', '', '', '2 min', '59 min', '1 h', '2 h'])
})
