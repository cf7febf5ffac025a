import assert from 'node:assert/strict'
import { test } from 'node:test'

import { rowsOf } from '../../static/js/door/party.js'

const WORDS = { party_leader: 'Leader', state_inside: 'Inside {time}', state_expected: 'Not here', state_pending: 'To approve' }
const ZONE = { language: 'en', timeZone: 'Asia/Hong_Kong' }
const guest = (name, given) => ({ id: name, name, name_latin: '', organisation: 'HKSTP', status: 'confirmed', inside: false, ...given })

test('the leader comes first, and whoever may come in is ticked', () => {
  const leader = guest('李国栋', { name_latin: 'Li Guodong' })

  const rows = rowsOf(leader, [guest('陈伟')], WORDS, ZONE)

  assert.deepEqual(rows.map(({ name, latin, from, role, isTicked }) => [name, latin, from, role, isTicked]), [
    ['李国栋', 'Li Guodong', 'HKSTP', 'Leader', true],
    ['陈伟', '', 'HKSTP', '', true],
  ])
})

test('whoever is inside already, or not confirmed, is marked and cannot be ticked', () => {
  const inside = guest('周宁', { inside: true, first_at: '2026-03-02T01:05:00Z' })

  const rows = rowsOf(inside, [guest('赵岚', { status: 'pending' })], WORDS, ZONE)

  assert.deepEqual(rows.map(({ state, mayEnter, isTicked }) => [state.text, mayEnter, isTicked]), [
    ['Inside 09:05', false, false],
    ['To approve', false, false],
  ])
})

test('companions of a leader whom the device does not know stand alone', () => {
  assert.deepEqual(rowsOf(null, [guest('陈伟')], WORDS, ZONE).map(({ name, role }) => [name, role]), [['陈伟', '']])
})
