import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'

import { Clock } from '../../static/js/door/clock.js'
import { Conflicts } from '../../static/js/door/conflicts.js'
import { Journal } from '../../static/js/door/journal.js'
import { Memory } from '../../static/js/door/memory.js'
import { News } from '../../static/js/door/news.js'
import { Queue } from '../../static/js/door/queue.js'

const NOON = Date.parse('2026-03-02T04:00:00Z')
const URLS = { device: '/device', summary: '/summary', stream: '/board', conflicts: '/conflicts' }
const PHONE = { id: 'd', gate_id: 'north', profile: 'scanner' }

let streams

beforeEach(() => {
  const shelf = new Map()
  streams = []
  globalThis.localStorage = {
    getItem: (name) => shelf.get(name) ?? null, setItem: (name, text) => shelf.set(name, text), removeItem: (name) => shelf.delete(name),
  }
  globalThis.EventSource = class extends EventTarget {
    static CLOSED = 2
    readyState = 1

    constructor(url) {
      super()
      streams.push(Object.assign(this, { url }))
    }
  }
  mock.timers.enable({ apis: ['setInterval'] })
})

afterEach(() => {
  mock.timers.reset()
  delete globalThis.localStorage
  delete globalThis.EventSource
})

/** News of a device whose server answers by address. */
async function device({ answers = {}, paired = PHONE, conflict = null } = {}) {
  const seen = { asked: [], heard: 0, refreshed: 0, on: [] }
  const storage = new Memory()
  const conflicts = await Conflicts.open(storage)
  if (conflict) await conflicts.add({ id: conflict, body: {} }, { verdict: 'unknown' })
  const manifest = {
    isHere: true, gatesVersion: 'g1', gates: ['north'], dataAt: NOON, loadKeys: async () => {},
    refresh: async () => {
      seen.refreshed += 1
      return answers.manifest ?? { ok: true, askedAt: NOON }
    },
  }
  const ask = async (url, { body } = {}) => {
    seen.asked.push([url, body])
    const answer = answers[url] ?? { ok: false }
    return typeof answer === 'function' ? answer() : answer
  }
  const clock = new Clock({ skewMs: 2_000, now: () => NOON })
  const journal = new Journal()
  const duty = { credential: 'signed' }
  const parts = { storage, conflicts, duty, manifest, clock, journal, queue: await Queue.open(storage), roster: { size: 20_000 }, sync: { heard: () => (seen.heard += 1) } }
  const told = (name) => (value) => seen.on.push([name, value])
  const on = { count: told('count'), gates: told('gates'), moved: told('moved'), stewardGone: () => seen.on.push(['stewardGone']), change: () => {} }
  const news = new News({ door: { event: { id: 'e' }, urls: URLS, device: paired, version: 'v1' }, ask, parts, on })
  return { news, seen, manifest, parts }
}

test('a paired device reports how it is, by the server’s clock where it knows it', async () => {
  const { news, seen } = await device()

  await news.start()

  assert.deepEqual(seen.asked.find(([url]) => url === '/device')[1], {
    sent_at: '2026-03-02T04:00:00.000Z', waiting: 0, oldest_waiting_at: null, data_at: '2026-03-02T04:00:02.000Z',
    skew_ms: 2_000, held: 20_000, app: 'v1', profile_seen: 'scanner',
  })
})

test('a person who is signed in is no device and reports nothing', async () => {
  const { news, seen } = await device({ paired: null })

  await news.start()
  news.report()

  assert.deepEqual(seen.asked.map(([url]) => url), ['/summary'])
})

test('the list is fetched at the start and every fifteen seconds', async () => {
  const { news, seen } = await device()
  await news.start()

  mock.timers.tick(30_000)

  assert.equal(seen.refreshed, 3)
})

test('an edited gate is fetched at once, whoever tells of it first', async () => {
  const count = { inside: 1, expected: 2, gates_version: 'g2' }
  const { news, seen } = await device({ answers: { '/summary': { ok: true, data: count } } })
  await news.start()
  await new Promise(setImmediate)
  const before = seen.refreshed

  streams[0].dispatchEvent(Object.assign(new Event('board'), { data: JSON.stringify(count) }))

  assert.deepEqual([seen.refreshed - before, seen.on.find(([name]) => name === 'count')[1]], [1, count])
})

test('a list that was under way when a gate was edited is fetched once more, and not for ever', async () => {
  const count = { gates_version: 'g2' }
  const { news, seen, manifest } = await device()
  await news.start()
  await new Promise(setImmediate)
  const before = seen.refreshed
  manifest.isRefreshing = true

  streams[0].dispatchEvent(Object.assign(new Event('board'), { data: JSON.stringify(count) }))
  await new Promise(setImmediate)

  assert.equal(seen.refreshed - before, 2)
})

test('gates that changed are told', async () => {
  const { news, seen, manifest } = await device()
  const { refresh } = manifest
  manifest.refresh = async () => {
    manifest.gatesVersion = 'g2'
    return refresh()
  }

  await news.refresh()
  await news.refresh()

  assert.deepEqual(seen.on, [['gates', ['north']]])
})

test('where the desk put the device, and that its steward is gone, come with the report', async () => {
  const data = { device: { gate: 'south' }, gates_version: 'g1', steward_valid: false }
  const { news, seen } = await device({ answers: { '/device': { ok: true, data } } })

  await news.start()

  assert.deepEqual(seen.on, [['moved', { gate: 'south' }], ['stewardGone']])
})

test('a stream that comes back brings what was missed', async () => {
  const { news, seen } = await device()
  await news.start()
  await new Promise(setImmediate)
  const before = seen.refreshed

  streams[0].dispatchEvent(new Event('open'))
  streams[0].dispatchEvent(new Event('error'))
  streams[0].dispatchEvent(new Event('open'))

  assert.equal(seen.refreshed - before, 1)
})

test('conflicts that a lead has settled are no longer told', async () => {
  const listed = { ok: true, data: { conflicts: [{ scan: 'a', settled: {} }] } }
  const { news, parts } = await device({ conflict: 'a', answers: { '/conflicts': listed } })

  await news.refresh()

  assert.deepEqual(parts.conflicts.all, [])
})

test('conflicts stay while nobody may ask about them', async () => {
  const { news, parts } = await device({ conflict: 'a' })

  await news.refresh()

  assert.equal(parts.conflicts.all.length, 1)
})

test('a list that the browser dropped is missed, one that was never there is not', async () => {
  const { news, manifest } = await device()
  manifest.isHere = false
  assert.equal(news.isLost, false)
  manifest.isHere = true
  await news.refresh()
  assert.equal(news.isLost, false)

  manifest.isHere = false

  assert.equal(news.isLost, true)
})

test('a revoked device asks and reports no more', async () => {
  const { news, seen, manifest } = await device()
  await news.refresh()

  news.stop()
  news.report()
  await news.refresh()

  manifest.isHere = false
  assert.deepEqual([seen.refreshed, seen.asked, news.isLost], [1, [], false])
})

test('a report that was under way does not sign off whoever has signed on since', async () => {
  const data = { device: {}, gates_version: 'g1', steward_valid: false }
  const { news, seen, parts } = await device({ answers: { '/device': () => {
    parts.duty.credential = 'somebody else’s'
    return { ok: true, data }
  } } })

  await news.start()

  assert.deepEqual(seen.on, [['moved', {}]])
})

test('a list that could not be fetched at first is asked for again', async () => {
  const { news, seen, manifest } = await device()
  const { refresh } = manifest
  manifest.refresh = async () => {
    throw new Error('the disk')
  }
  await assert.rejects(news.start())
  manifest.refresh = refresh

  mock.timers.tick(15_000)

  assert.equal(seen.refreshed, 1)
})

test('nobody is asked before the search keys are here, and everybody where they cannot be read', async () => {
  const { news, seen, manifest } = await device()
  let fail
  manifest.loadKeys = () => new Promise((_, reject) => (fail = reject))
  const starting = news.start()
  await new Promise(setImmediate)
  const before = seen.asked.length

  fail(new Error('the disk'))
  await starting

  assert.deepEqual([before, seen.refreshed, seen.asked.map(([url]) => url)], [0, 1, ['/summary', '/device']])
})

test('a device that is revoked while it starts does not report', async () => {
  const { news, seen, manifest } = await device()
  manifest.loadKeys = async () => news.stop()

  await news.start()

  assert.deepEqual(seen.asked, [])
})
