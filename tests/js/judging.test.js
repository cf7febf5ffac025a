import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

import { Journal } from '../../static/js/door/journal.js'
import { Bench } from '../../static/js/door/judging.js'
import { Manifest } from '../../static/js/door/manifest.js'
import { Memory } from '../../static/js/door/memory.js'
import { Roster } from '../../static/js/door/roster.js'
import { NOWHERE } from '../../static/js/door/presence.js'

const NOON = Date.parse('2026-03-02T04:00:00Z')
const COLUMNS = [
  'id', 'ticket', 'name', 'name_latin', 'organisation', 'job_title', 'category', 'language', 'status', 'status_reason',
  'pick_slot', 'leader_id', 'keys', 'first_at', 'first_gate', 'first_by', 'inside', 'zone', 'exited', 'last_at',
]
const OURS = 'Y1H7K2MD0K5GFWVSMMT919J8J2FG'
const gate = (id, more) => ({ id, name: id, kind: 'entrance', admits: [], reentry: 'many', opens_at: null, closes_at: null, zone: '', limit: null, ...more })

let journal
let bench

function guest(id, given = {}) {
  const usual = { id, ticket: `hash ${id}`, name: id, category: 'guest', language: 'zh-Hans', status: 'confirmed', keys: '\n', first_gate: '', first_by: '', inside: false, zone: '', exited: false }
  return COLUMNS.map((column) => ({ ...usual, ...given })[column] ?? null)
}

async function seated(language = 'zh-Hans') {
  const roster = new Roster()
  const inside = { first_at: '2026-03-02T03:00:00Z', first_gate: 'North', first_by: '陈小满', inside: true, last_at: '2026-03-02T03:00:00Z' }
  const data = {
    cursor: 'c', next: null, full: true, at: '', event: { tag: 'H7K2M' }, gates_version: '', columns: COLUMNS, zones: { hall: 1 },
    tickets: ['spare'], revoked: [['lost', 'lost badge', 'chen'], ['gone', 'cancelled', 'cancelled'], ['theirs', 'withdrawn', null]],
    gates: [gate('stand', { kind: 'booth' }), gate('north'), gate('press', { admits: ['press'] }), gate('hall', { zone: 'hall', limit: 2 }), gate('later', { opens_at: '2026-03-02T05:00:00Z' })],
    categories: [
      { key: 'guest', name: { zh_hans: '嘉宾', en: 'Guest' }, colour: '#1d4f91', attention: false },
      { key: 'vip', name: { en: 'VIP' }, colour: '#9a6b00', attention: true },
      { key: 'press', name: { zh_hans: '媒体' }, colour: '#7a2e6b', attention: false },
    ],
    guests: [
      guest('chen', { pick_slot: 'B-07' }), guest('minister', { category: 'vip' }), guest('reporter', { category: 'press' }),
      guest('inside', inside), guest('pending', { status: 'pending', status_reason: 'no letter yet' }),
      guest('cancelled', { status: 'cancelled', status_reason: 'ill' }), guest('seated', { ...inside, zone: 'hall' }),
    ],
  }
  const manifest = new Manifest({ storage: new Memory(), roster, ask: async () => ({ ok: true, data }), url: '' })
  await manifest.refresh()
  journal = new Journal()
  return new Bench({ manifest, roster, journal, language })
}

const scan = (more = {}) => ({ id: 'scan', code: OURS, gate: 'north', direction: 'entry', ...more })
const judge = (hash, more) => bench.judge(scan(more), { hash, at: NOON })

beforeEach(async () => {
  bench = await seated()
})

for (const [what, hash, more, verdict] of [
  ['a guest', 'hash chen', {}, 'admitted'],
  ['a guest of honour', 'hash minister', {}, 'admitted_vip'],
  ['somebody inside', 'hash inside', {}, 'already_inside'],
  ['somebody who leaves', 'hash inside', { direction: 'exit' }, 'exited'],
  ['somebody who is not confirmed', 'hash pending', {}, 'not_confirmed'],
  ['somebody whom a lead lets in', 'hash pending', { override: { reason: 'minister’s word' } }, 'admitted'],
  ['a cancelled guest', 'hash cancelled', {}, 'cancelled'],
  ['a replaced ticket', 'lost', {}, 'revoked'],
  ['the ticket of a cancelled guest', 'gone', {}, 'cancelled'],
  ['a withdrawn ticket of nobody', 'theirs', {}, 'revoked'],
  ['a ticket that was issued since', 'spare', {}, 'valid_unsynced'],
  ['a forged ticket of this event', 'forged', {}, 'unknown'],
  ['a ticket with another event’s tag', 'forged', { code: 'Y10000000000000000000000000V' }, 'other_event'],
  ['a guest at another category’s gate', 'hash chen', { gate: 'press' }, 'wrong_gate'],
]) {
  test(`${what} is ${verdict}`, () => assert.equal(judge(hash, more).result.verdict, verdict))
}

test('a guest at the wrong gate is sent to one that admits them, and not to a booth', () => {
  assert.equal(judge('hash chen', { gate: 'press' }).result.reason, 'north')
})

test('a guest is chosen by id as well as scanned', () => {
  assert.equal(judge(null, { code: undefined, guest_id: 'chen' }).result.verdict, 'admitted')
  assert.equal(judge(null, { code: undefined, guest_id: 'nobody' }).result.verdict, 'unknown')
})

test('whatever is no ticket is unknown, and nobody’s act', () => {
  const { result, subjects } = judge(null, { code: 'https://example.org/' })

  assert.deepEqual([result.verdict, result.needs, subjects], ['unknown', 'desk', []])
})

test('the answer is the server’s in shape', () => {
  const { result, subjects, presence } = judge('hash chen')

  assert.deepEqual(result, {
    id: 'scan', verdict: 'admitted', admits: true, needs: 'nothing', reason: '', bound: null, first: null, conflict: false, offline: true,
    guest: {
      id: 'chen', name: 'chen', name_latin: null, organisation: null, job_title: null, language: 'zh-Hans', status: 'confirmed',
      pick_slot: 'B-07', leader_id: null, category: 'guest', category_name: '嘉宾', category_colour: '#1d4f91',
    },
  })
  assert.deepEqual([subjects, presence], [['chen', 'hash chen'], NOWHERE])
})

test('a repeat quotes the first entry of the manifest', () => {
  const { first } = judge('hash inside').result

  assert.deepEqual(first, { at: '2026-03-02T03:00:00.000Z', gate: 'North', by: '陈小满' })
})

test('a wrong gate names the right one, and a refusal its reason', () => {
  assert.equal(judge('hash chen', { gate: 'press' }).result.reason, 'north')
  assert.equal(judge('hash pending').result.reason, 'no letter yet')
})

function came(id, subjects, more = {}) {
  const where = { gate: 'north', zone: '', by: '', isRehearsal: false, before: NOWHERE, counts: true }
  journal.note({ id, subjects, direction: 'entry', at: NOON - 1000, ...where, ...more })
}

test('who came in here is inside', () => {
  came('a', ['chen', 'hash chen'])

  assert.equal(judge('hash chen').result.verdict, 'already_inside')
})

test('a genuine ticket of an unknown holder lets in one person, not two', () => {
  came('a', ['spare'])

  const { result } = judge('spare')

  assert.deepEqual([result.verdict, result.admits, result.needs, result.first.gate], ['already_inside', false, 'choose', 'north'])
})

test('a zone is full by those in the manifest and those who came in here', () => {
  assert.equal(judge('hash chen', { gate: 'hall' }).result.verdict, 'admitted')

  came('a', ['reporter'], { zone: 'hall' })

  assert.equal(judge('hash chen', { gate: 'hall' }).result.verdict, 'zone_full')
})

test('who leaves the zone makes room', () => {
  came('a', ['reporter'], { zone: 'hall' })
  came('b', ['seated'], { direction: 'exit', zone: 'hall' })

  assert.equal(judge('hash chen', { gate: 'hall' }).result.verdict, 'admitted')
})

test('a rehearsal does not wait for the doors to open', () => {
  const codes = [false, true].map((rehearsal) => judge('hash chen', { gate: 'later', rehearsal }).result.verdict)
  assert.deepEqual(codes, ['too_early', 'admitted'])
})

test('a rehearsal judges by itself alone, and says so', () => {
  const first = judge('hash inside', { rehearsal: true }).result
  assert.deepEqual([first.verdict, first.rehearsal], ['admitted', true])
  came('a', ['chen', 'hash chen'], { isRehearsal: true })

  assert.equal(judge('hash chen', { rehearsal: true }).result.verdict, 'already_inside')
  assert.equal(judge('hash chen').result.verdict, 'admitted')
  assert.equal(judge('hash inside', { rehearsal: true, gate: 'hall' }).result.verdict, 'admitted')
})

test('a device that does not know the gate does not judge', () => {
  assert.equal(judge('hash chen', { gate: 'elsewhere' }), null)
})

test('a device without a manifest does not judge', () => {
  const manifest = new Manifest({ storage: new Memory(), roster: new Roster(), ask: null, url: '' })
  const empty = new Bench({ manifest, roster: new Roster(), journal, language: 'en' })

  assert.equal(empty.judge(scan(), { hash: 'x', at: NOON }), null)
})

test('a list shows where people are, as this device knows it', () => {
  came('a', ['chen', 'hash chen'])
  const row = { id: 'chen', ticket: 'hash chen', category: 'vip' }

  const listed = bench.listed(row)

  assert.deepEqual([listed.inside, listed.first_at, listed.category_name], [true, new Date(NOON - 1000).toISOString(), 'VIP'])
  assert.deepEqual([bench.listed({ id: 'li', ticket: null, category: 'none' }).inside, bench.listed({ id: 'li' }).first_at], [false, null])
})

test('words are said in the page’s language or the nearest', async () => {
  bench = await seated('zh-Hant')

  assert.deepEqual([bench.say({ zh_hans: '嘉宾', en: 'Guest' }), bench.say({ en: 'VIP' }), bench.say(undefined)], ['嘉宾', 'VIP', ''])
})
