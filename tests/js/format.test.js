import assert from 'node:assert/strict'
import { test } from 'node:test'

import { affiliation, announces, clockTime, facts, fill, instruction, marks, nameLines } from '../../static/js/door/format.js'

const WORDS = {
  'wrong_gate.do': 'Show the way',
  'too_early.do': 'Wait',
  'too_late.do': 'Call the lead',
  'other_event.do': 'Not ours',
  'admitted.do': 'Welcome',
  go_to: 'Go to {gate}',
  opens_at: 'Opens at {time}',
  closed_at: 'Closed at {time}',
  event_of: 'Belongs to {event}',
  first_entry: 'First entry {time}',
  'admitted_vip.do': 'Call a host',
  'reentered.do': 'Welcome back',
  round: 'Signs in {round}',
  seat: 'Seat {seat}',
  leader_coming: '{name} is about to arrive',
  companion_of: 'With {name}',
  mark_offline: 'Decided offline',
  mark_conflict: 'Disagrees',
  mark_rehearsal: 'Rehearsal',
}
const LEADER = { name: '王志远', name_latin: 'Wong Chi Yuen', inside: false }
const ZONE = { language: 'en', timeZone: 'Asia/Hong_Kong' }
const FIRST = { at: '2026-03-02T01:12:00Z', gate: 'North door', by: 'Li Wei' }

test('a sentence is filled in, and a hole without a value stays visible', () => {
  assert.equal(fill('{a} and {b}, {a}', { a: 1 }), '1 and {b}, 1')
})

test('a time is the event’s, with two digits and 24 hours', () => {
  assert.deepEqual(
    ['2026-03-01T16:05:00Z', '2026-03-02T15:59:00+08:00', null, 'never'].map((moment) => clockTime(moment, ZONE)),
    ['00:05', '15:59', '', ''],
  )
})

test('a name is shown in the guest’s own script first', () => {
  assert.deepEqual(
    [nameLines({ name: '陈大文', name_latin: 'Chan' }), nameLines({ name: '', name_latin: 'Li' }), nameLines({})],
    [{ first: '陈大文', second: 'Chan' }, { first: 'Li', second: '' }, { first: '', second: '' }],
  )
})

test('organisation and title share a line, and either may be missing', () => {
  assert.deepEqual(
    [{ organisation: 'A', job_title: 'B' }, { organisation: '', job_title: 'B' }, {}].map(affiliation),
    ['A · B', 'B', ''],
  )
})

for (const [name, result, said] of [
  ['admitted', {}, 'Welcome'],
  ['wrong_gate', { reason: 'South door' }, 'Go to South door'],
  ['wrong_gate', { reason: '' }, 'Show the way'],
  ['too_early', { bound: '2026-03-02T03:00:00Z' }, 'Opens at 11:00'],
  ['too_early', { bound: null }, 'Wait'],
  ['too_late', { bound: '2026-03-02T04:00:00Z' }, 'Closed at 12:00'],
  ['too_late', {}, 'Call the lead'],
  ['other_event', { reason: 'Spring Fair' }, 'Belongs to Spring Fair'],
  ['other_event', {}, 'Not ours'],
  ['reading', null, ''],
  ['admitted', { leader: LEADER }, '王志远 is about to arrive'],
  ['admitted_vip', { leader: LEADER }, '王志远 is about to arrive'],
  ['admitted', { leader: { ...LEADER, inside: true } }, 'Welcome'],
  ['reentered', { leader: LEADER }, 'Welcome back'],
]) {
  test(`the instruction for ${name} with ${JSON.stringify(result)} is “${said}”`, () => {
    assert.equal(instruction(name, result, WORDS, ZONE), said)
  })
}

for (const [name, result, told] of [
  ['admitted', { guest: {} }, []],
  ['admitted_vip', { guest: { round: 'round 2', seat: 'A-3' } }, ['Signs in round 2 · Seat A-3']],
  ['admitted_vip', { guest: { seat: 'A-3' } }, ['Seat A-3']],
  ['admitted', { leader: LEADER }, []],
  ['admitted', { leader: { ...LEADER, inside: true } }, ['With 王志远']],
  ['exited', { leader: LEADER }, ['With 王志远']],
  ['already_inside', { first: FIRST }, ['First entry 09:12 · North door · Li Wei']],
  ['reentered', { first: FIRST }, []],
  ['cancelled', { reason: 'By telephone' }, ['By telephone']],
  ['wrong_gate', { reason: 'South door' }, []],
  ['reading', null, []],
]) {
  test(`beside ${name} stands ${JSON.stringify(told)}`, () => {
    assert.deepEqual(facts(name, result, WORDS, ZONE), told)
  })
}

test('only the first entry of a companion announces a leader who is not here yet', () => {
  const inside = { ...LEADER, inside: true }

  assert.deepEqual(
    [['admitted', LEADER], ['admitted', inside], ['exited', LEADER], ['admitted', null]].map((known) => announces(...known)),
    [true, false, false, false],
  )
})

for (const [result, marked] of [
  [null, []],
  [{ verdict: 'admitted' }, []],
  [{ offline: true }, ['Decided offline']],
  [{ rehearsal: true, offline: true, conflict: true }, ['Rehearsal', 'Decided offline', 'Disagrees']],
]) {
  test(`a verdict of ${JSON.stringify(result)} is marked ${JSON.stringify(marked)}`, () => {
    assert.deepEqual(marks(result, WORDS), marked)
  })
}
