import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Queue } from '../../static/js/door/queue.js'
import { Sync } from '../../static/js/door/sync.js'

const SILENCE = { ok: false, status: 0, problem: null, retryAfterMs: 0 }

/** A sync whose server gives these answers in turn, then admits everybody; pauses are noted and end when told to. */
function lane(...answers) {
  const seen = { posts: [], answers: [], states: [], pauses: [] }
  const shelf = new Map()
  const storage = { getItem: (name) => shelf.get(name) ?? null, setItem: (name, text) => shelf.set(name, text) }
  const queue = new Queue(storage, 'door')
  const sync = new Sync({
    queue,
    post: async (scans) => {
      seen.posts.push(scans.map((scan) => scan.id))
      const answer = answers.shift() ?? admitAll
      return typeof answer === 'function' ? answer(scans) : answer
    },
    onAnswer: (id, result) => seen.answers.push([id, result.verdict]),
    onState: (state) => seen.states.push(state),
    wait: (callback, ms) => {
      seen.pauses.push(ms)
      seen.resume = callback
      return seen.pauses.length
    },
  })
  return { sync, queue, seen }
}

function admitAll(scans) {
  return { ok: true, status: 200, data: { results: scans.map(({ id }) => ({ id, verdict: 'admitted' })) } }
}

function failed(status, { problem = null, retryAfterMs = 0 } = {}) {
  return { ok: false, status, problem, retryAfterMs }
}

test('a scan goes out at once and its answer comes back', async () => {
  const { sync, queue, seen } = lane()

  await sync.send({ id: 'a' })

  assert.deepEqual([seen.posts, seen.answers, queue.size], [[['a']], [['a', 'admitted']], 0])
  assert.deepEqual(sync.state, { reachable: true, waiting: 0, signedOut: false })
})

test('a scan without an answer is kept and sent again under its id', async () => {
  const { sync, queue, seen } = lane(SILENCE)

  await sync.send({ id: 'a' })
  assert.deepEqual([seen.answers, queue.size, sync.state.reachable], [[], 1, false])

  await seen.resume()
  assert.deepEqual([seen.posts, seen.answers, queue.size], [[['a'], ['a']], [['a', 'admitted']], 0])
  assert.equal(sync.state.reachable, true)
})

for (const status of [0, 408, 425, 429, 500, 502, 503, 504]) {
  test(`status ${status} passes, so the scan waits`, async () => {
    const { sync, queue, seen } = lane(failed(status))

    await sync.send({ id: 'a' })

    assert.deepEqual([seen.answers, queue.size, sync.state.reachable], [[], 1, false])
  })
}

test('pauses grow to fifteen seconds and begin anew after an answer', async () => {
  const { sync, seen } = lane(SILENCE, SILENCE, SILENCE, SILENCE, SILENCE, SILENCE, admitAll, SILENCE)

  await sync.send({ id: 'a' })
  for (let turn = 0; turn < 6; turn += 1) await seen.resume()
  await sync.send({ id: 'b' })

  assert.deepEqual(seen.pauses, [1000, 2000, 4000, 8000, 15000, 15000, 1000])
})

test('a server that asks for patience is given it', async () => {
  const { sync, seen } = lane(failed(429, { retryAfterMs: 7000 }))

  await sync.send({ id: 'a' })

  assert.deepEqual(seen.pauses, [7000])
})

test('a scan is not held up by one that is still under way', async () => {
  let release
  const { sync, seen } = lane(() => new Promise((resolve) => (release = resolve)))

  const slow = sync.send({ id: 'slow' })
  await sync.send({ id: 'quick' })
  assert.deepEqual(seen.answers, [['quick', 'admitted']])

  release(admitAll([{ id: 'slow' }]))
  await slow
  assert.deepEqual(seen.answers, [['quick', 'admitted'], ['slow', 'admitted']])
})

test('what waits goes out together', async () => {
  const { sync, seen } = lane(SILENCE, SILENCE)
  await sync.send({ id: 'a' })
  await sync.send({ id: 'b' })

  await sync.resume()

  assert.deepEqual(seen.posts.at(-1), ['a', 'b'])
  assert.deepEqual(seen.answers, [['a', 'admitted'], ['b', 'admitted']])
})

test('an expired session keeps the scans and says so until somebody has signed in', async () => {
  const { sync, queue, seen } = lane(failed(401))

  await sync.send({ id: 'a' })
  assert.deepEqual([sync.state, queue.size], [{ reachable: true, waiting: 1, signedOut: true }, 1])

  await seen.resume()
  assert.equal(sync.state.signedOut, false)
})

test('a scan that the server will not take is told as not recorded', async () => {
  const { sync, queue, seen } = lane(failed(422, { problem: { title: 'Unknown gate' } }))

  await sync.send({ id: 'a' })

  assert.deepEqual([seen.answers, queue.size], [[['a', 'not_recorded']], 0])
})

test('one bad scan in a batch does not keep the others from being recorded', async () => {
  const { sync, seen } = lane(SILENCE, SILENCE, failed(422), admitAll, failed(422))
  await sync.send({ id: 'good' })
  await sync.send({ id: 'bad' })

  await sync.resume()

  assert.deepEqual(seen.answers, [['good', 'admitted'], ['bad', 'not_recorded']])
})

test('a scan that the answer leaves out is asked for again, after a pause', async () => {
  const { sync, queue, seen } = lane({ ok: true, status: 200, data: { results: [] } })

  await sync.send({ id: 'a' })

  assert.deepEqual([queue.size, seen.pauses], [1, [1000]])
})

test('another sign of life shows a door that has not scanned yet as connected', () => {
  const { sync, seen } = lane()

  sync.heard()
  sync.heard()

  assert.deepEqual(seen.states, [{ reachable: true, waiting: 0, signedOut: false }])
})

test('nothing to send sends nothing', async () => {
  const { sync, seen } = lane()

  await sync.resume()

  assert.deepEqual(seen.posts, [])
})
