import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Freshness, said } from '../../static/js/board/freshness.js'
import { Stream } from '../../static/js/board/stream.js'

const WORDS = {
  live: 'live, {count} s',
  stale: 'old, {age}',
  lost: 'lost, {age}',
  signed_out: 'signed out, {age}',
  seconds: '{count} s ago',
  minutes: '{count} min ago',
  hours: '{count} h ago',
}

test('a page is lost until the first news has come', () => {
  const freshness = new Freshness(1_000)

  assert.equal(freshness.state(2_000), 'lost')
  freshness.heard(3_000)
  assert.equal(freshness.state(3_000), 'live')
  assert.equal(freshness.age(4_500), 1_500)
})

test('a connection that brings nothing for eight seconds is out of date', () => {
  const freshness = new Freshness(0)
  freshness.heard(0)

  assert.equal(freshness.state(8_000), 'live')
  assert.equal(freshness.state(8_001), 'stale')
})

test('a broken connection is told at once and mended by the next news', () => {
  const freshness = new Freshness(0)
  freshness.heard(0)

  freshness.lost()
  assert.equal(freshness.state(1), 'lost')
  freshness.heard(2)
  assert.equal(freshness.state(3), 'live')
})

test('whoever is signed out stays so until news come', () => {
  const freshness = new Freshness(0)

  freshness.signedOut()
  assert.equal(freshness.state(1), 'signed_out')
  assert.equal(freshness.isSilent(60_000), false)
  freshness.heard(2)
  assert.equal(freshness.state(3), 'live')
})

test('a silent connection is tried again every twelve seconds', () => {
  const freshness = new Freshness(0)
  freshness.heard(1_000)

  assert.equal(freshness.isSilent(13_000), false)
  assert.equal(freshness.isSilent(13_001), true)
  freshness.trying(13_001)
  assert.equal(freshness.state(13_001), 'lost')
  assert.equal(freshness.isSilent(25_001), false)
  assert.equal(freshness.isSilent(25_002), true)
})

test('the age is said in the unit that says enough', () => {
  assert.equal(said('live', 2_900, WORDS), 'live, 2 s')
  assert.equal(said('stale', 12_000, WORDS), 'old, 12 s ago')
  assert.equal(said('lost', 59_999, WORDS), 'lost, 59 s ago')
  assert.equal(said('lost', 60_000, WORDS), 'lost, 1 min ago')
  assert.equal(said('signed_out', 2 * 3_600_000 + 1, WORDS), 'signed out, 2 h ago')
})

/** Connections that a test opens, feeds and breaks. */
class Line {
  readyState = 1
  isClosed = false
  #listeners = {}

  addEventListener(name, listener) {
    this.#listeners[name] = listener
  }

  close() {
    this.isClosed = true
  }

  say(data) {
    this.#listeners.board({ data: JSON.stringify(data) })
  }

  async break({ refused = false } = {}) {
    this.readyState = refused ? 2 : 0
    await this.#listeners.error()
  }
}

function opened({ isWelcome = async () => true } = {}) {
  const lines = []
  const waits = []
  const told = []
  const stream = new Stream(
    '/stream',
    { onNews: (news) => told.push(news), onLost: () => told.push('lost'), isWelcome },
    {
      open: () => lines[lines.push(new Line()) - 1],
      later: (then, ms) => waits.push({ then, ms }),
    },
  )
  stream.start()
  return { lines, waits, told, stream }
}

test('news are handed on as they come', () => {
  const { lines, told } = opened()

  lines[0].say({ html: 'one' })
  lines[0].say({ html: 'two' })

  assert.deepEqual(told, [{ html: 'one' }, { html: 'two' }])
})

test('a broken line is opened again, after longer and longer pauses', async () => {
  const { lines, waits, told } = opened()

  for (let turn = 0; turn < 6; turn += 1) {
    await lines.at(-1).break()
    waits.at(-1).then()
  }

  assert.deepEqual(waits.map(({ ms }) => ms), [500, 1_000, 2_000, 4_000, 5_000, 5_000])
  assert.equal(lines.length, 7)
  assert.deepEqual(told, Array(6).fill('lost'))
  assert.deepEqual(lines.map((line) => line.isClosed), [...Array(6).fill(true), false])
})

test('news make the next pause short again', async () => {
  const { lines, waits } = opened()
  for (let turn = 0; turn < 3; turn += 1) {
    await lines.at(-1).break()
    waits.at(-1).then()
  }

  lines.at(-1).say({})
  await lines.at(-1).break()

  assert.equal(waits.at(-1).ms, 500)
})

test('where the server sends elsewhere, nobody asks again', async () => {
  const { lines, waits, told } = opened({ isWelcome: async () => false })

  await lines[0].break({ refused: true })

  assert.deepEqual([waits, told], [[], ['lost']])
})

test('a proxy that answers for the server is asked again', async () => {
  const { lines, waits } = opened()

  await lines[0].break({ refused: true })

  assert.equal(waits.length, 1)
})

test('a line that was replaced is not heard when it breaks', async () => {
  const { lines, waits, told, stream } = opened()

  stream.start()
  await lines[0].break()

  assert.deepEqual([lines[0].isClosed, lines.length, waits, told], [true, 2, [], []])
})

test('a line that breaks twice is opened again once', async () => {
  const { lines, waits } = opened()

  await lines[0].break()
  await lines[0].break()

  assert.equal(waits.length, 1)
})
