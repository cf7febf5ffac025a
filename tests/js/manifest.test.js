import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Manifest } from '../../static/js/door/manifest.js'
import { Memory } from '../../static/js/door/memory.js'
import { Roster } from '../../static/js/door/roster.js'

const COLUMNS = ['id', 'ticket', 'name', 'keys']
const SILENCE = { ok: false, status: 0 }
const row = (id, name = id) => [id, `hash ${id}`, name, `\n${name}\n`]

function page({ guests = [], next = null, cursor = 'c1', full = true, head = {}, columns = COLUMNS } = {}) {
  const usual = {
    format: 1, at: '2026-03-02T04:00:00Z', event: { tag: 'A1B2C' }, gates_version: 'g1', tickets: ['hash chen', 'spare'],
    gates: [{ id: 'north' }], categories: [{ key: 'guest' }], zones: { hall: 4 }, revoked: [['gone', 'lost', 'li']],
  }
  return { ok: true, status: 200, data: { ...usual, cursor, next, full, columns, guests, ...head } }
}

/** A device whose server gives these answers in turn. */
function device(answers, storage = new Memory()) {
  const asked = []
  const roster = new Roster()
  const ask = async (url) => {
    asked.push(url)
    return answers.shift()
  }
  let now = 0
  const manifest = new Manifest({ storage, roster, ask, url: '/manifest', now: () => (now += 10) })
  return { manifest, roster, storage, asked }
}

test('a device without a manifest knows nothing', async () => {
  const { manifest } = device([])

  await manifest.load()

  assert.deepEqual([manifest.isHere, manifest.dataAt, manifest.gates, manifest.tag, manifest.inZone('hall')], [false, null, [], '', 0])
  assert.deepEqual([manifest.isMinted('spare'), manifest.revoked('gone')], [false, null])
})

test('the first time everything is fetched, page by page', async () => {
  const { manifest, roster, asked } = device([page({ guests: [row('chen')], next: 'p2' }), page({ guests: [row('li')] })])

  const answer = await manifest.refresh()

  assert.deepEqual(asked, ['/manifest?', '/manifest?after=p2'])
  assert.deepEqual([answer.ok, answer.isFull, roster.size, manifest.isHere, manifest.dataAt], [true, true, 2, true, answer.askedAt])
  assert.deepEqual([manifest.gates, manifest.gatesVersion, manifest.categories], [[{ id: 'north' }], 'g1', [{ key: 'guest' }]])
  assert.deepEqual([manifest.tag, manifest.inZone('hall'), manifest.revoked('gone')], ['A1B2C', 4, { reason: 'lost', guestId: 'li' }])
  assert.deepEqual([manifest.isMinted('spare'), manifest.isMinted('forged')], [true, false])
})

test('from then on only what changed', async () => {
  const delta = page({ guests: [row('chen', '陈小满')], full: false, cursor: 'c2', head: { tickets: ['fresh', 'spare'], gates_version: 'g2' } })
  const { manifest, roster, asked } = device([page({ guests: [row('chen'), row('li')] }), delta, page({ full: false, head: { tickets: [] } })])
  await manifest.refresh()

  await manifest.refresh()
  await manifest.refresh()

  assert.deepEqual(asked.slice(1), ['/manifest?since=c1', '/manifest?since=c2'])
  assert.deepEqual([roster.size, roster.guest('chen').name], [2, '陈小满'])
  assert.deepEqual([manifest.isMinted('fresh'), manifest.isMinted('hash chen')], [true, true])
})

test('a manifest that breaks off half way is thrown away', async () => {
  const { manifest, roster, asked } = device([page({ guests: [row('chen')] }), page({ guests: [row('li')], next: 'p2', cursor: 'c2' }), SILENCE, SILENCE])
  await manifest.refresh()

  const answer = await manifest.refresh()
  await manifest.refresh()

  assert.deepEqual([answer.ok, roster.size, asked.at(-1)], [false, 1, '/manifest?since=c1'])
})

test('what the disk holds is the whole manifest, after a restart too', async () => {
  const delta = page({ guests: [row('li', '李楠'), row('wang')], full: false, cursor: 'c2', head: { tickets: ['fresh'] } })
  const first = device([page({ guests: [row('chen'), row('li')] }), delta])
  await first.manifest.refresh()
  await first.manifest.refresh()

  const { manifest, roster, asked } = device([page({ full: false, head: { tickets: [] } })], first.storage)
  await manifest.load()
  assert.deepEqual([roster.size, roster.holder('hash li').name, roster.filter(() => true, 9)], [3, '李楠', []])
  assert.deepEqual([manifest.dataAt, manifest.isMinted('fresh'), manifest.isMinted('spare')], [first.manifest.dataAt, true, true])
  await manifest.loadKeys()
  await manifest.refresh()

  assert.deepEqual(roster.filter((keys) => keys.includes('李'), 9).map(({ id }) => id), ['li'])
  assert.deepEqual(asked, ['/manifest?since=c2'])
})

test('a server that sends everything again replaces everything', async () => {
  const { manifest, roster } = device([page({ guests: [row('chen')] }), page({ guests: [row('li')], head: { tickets: ['hash li'] } })])
  await manifest.refresh()

  await manifest.refresh()

  assert.deepEqual([roster.size, roster.guest('chen'), manifest.isMinted('spare')], [1, null, false])
})

test('a server that tells more than before is asked for everything', async () => {
  const columns = [...COLUMNS, 'seat']
  const more = { columns, full: false, cursor: 'c2' }
  const { manifest, roster, asked } = device([page({ guests: [row('chen')] }), page(more), page({ columns, guests: [[...row('chen'), 'A1']] })])
  await manifest.refresh()

  await manifest.refresh()

  assert.deepEqual([roster.guest('chen').seat, asked], ['A1', ['/manifest?', '/manifest?since=c1', '/manifest?']])
})

test('two that ask at once share one answer', async () => {
  const { manifest, asked } = device([page({ guests: [row('chen')] })])

  const answers = await Promise.all([manifest.refresh(), manifest.refresh()])

  assert.deepEqual([asked.length, answers.every(({ ok }) => ok)], [1, true])
})

test('it tells that it is being fetched until it is here', async () => {
  const { manifest } = device([page({ guests: [row('chen')] })])

  const fetching = manifest.refresh()
  const before = manifest.isRefreshing
  await fetching

  assert.deepEqual([before, manifest.isRefreshing], [true, false])
})

test('a device that was revoked forgets everybody, on the disk too', async () => {
  const { manifest, roster, storage } = device([page({ guests: [row('chen')] }), page({ guests: [row('li')] })])
  await manifest.refresh()

  const late = manifest.refresh()
  await manifest.forget()
  await late

  const kept = await Promise.all(['guests', 'keys', 'tickets', 'meta'].map((store) => storage.all(store)))
  assert.deepEqual([kept.flat(), roster.size, manifest.isHere, manifest.isMinted('spare')], [[], 0, false, false])
})

test('a list that cannot be read is dropped, and fetched anew', async () => {
  const first = device([page({ guests: [row('chen')] })])
  await first.manifest.refresh()
  await first.storage.write([{ store: 'guests', key: 0, value: '[[' }])
  const { manifest, roster, storage, asked } = device([page({ guests: [row('li')] })], first.storage)

  await manifest.load()
  assert.deepEqual([manifest.isHere, roster.size, await storage.all('guests'), await storage.all('meta')], [false, 0, [], []])

  await manifest.refresh()
  assert.deepEqual([asked, roster.size], [['/manifest?'], 1])
})
