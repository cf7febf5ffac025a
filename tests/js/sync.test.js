import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Memory } from '../../static/js/door/memory.js'
import { Queue } from '../../static/js/door/queue.js'
import { Sync } from '../../static/js/door/sync.js'

const SILENCE = { ok: false, status: 0, problem: null, retryAfterMs: 0 }

/** A sync whose server gives these answers in turn, then takes everything; pauses are noted and end when told to. */
async function line(...answers) {
  const seen = { posts: [], answers: [], refused: [], states: [], pauses: [], probes: 0, now: 0 }
  const queue = await Queue.open(new Memory())
  const post = async (entries) => {
    seen.posts.push(entries.map(({ id }) => id))
    const answer = answers.shift() ?? taken
    return typeof answer === 'function' ? answer(entries, seen) : answer
  }
  const sync = new Sync({
    queue,
    send: { scan: post, walk_in: post, undo: post },
    probe: async () => {
      seen.probes += 1
      return answers.shift() ?? { ok: true, status: 200, data: {} }
    },
    onAnswer: async ({ id }, result) => {
      seen.answers.push([id, result.verdict])
      await queue.remove([id])
    },
    onRefused: async ({ id }, problem) => {
      seen.refused.push([id, problem.message])
      await queue.setAside(id, problem)
    },
    onState: (state) => seen.states.push(state),
    wait: (callback, ms) => {
      seen.pauses.push(ms)
      seen.resume = callback
      return seen.pauses.length
    },
    now: () => seen.now,
    random: () => 0.5,
  })
  const add = async (id, more = {}) => {
    const entry = { id, kind: 'scan', body: {}, ...more }
    await queue.add(entry)
    return queue.waiting.find((each) => each.id === id)
  }
  return { sync, queue, seen, add }
}

function taken(entries) {
  return { ok: true, status: 200, data: { results: entries.map(({ id }) => ({ id, verdict: 'admitted' })) } }
}

function failed(status, { problem = null, retryAfterMs = 0 } = {}) {
  return { ok: false, status, problem, retryAfterMs }
}

test('a scan that is asked for comes back with its verdict', async () => {
  const { sync, seen, add } = await line()

  const { result } = await sync.ask(await add('a'))

  assert.deepEqual([seen.posts, result.verdict], [[['a']], 'admitted'])
  assert.deepEqual(sync.state, { reachable: true, offline: false, waiting: 1, signedOut: false })
})

test('without an answer the device is offline and tries again', async () => {
  const { sync, seen, add } = await line(SILENCE)

  const answer = await sync.ask(await add('a'))
  assert.deepEqual([answer.result, sync.isOffline, sync.state.reachable], [undefined, true, false])

  await seen.resume()
  assert.deepEqual([seen.posts, seen.answers], [[['a'], ['a']], [['a', 'admitted']]])
})

for (const status of [0, 401, 408, 425, 429, 500, 502, 503, 504]) {
  test(`status ${status} passes, so the scan waits`, async () => {
    const { sync, queue, seen, add } = await line(failed(status))
    await add('a')

    await sync.flush()

    assert.deepEqual([seen.answers, seen.refused, queue.size, sync.isOffline], [[], [], 1, true])
  })
}

test('pauses grow to fifteen seconds and begin anew after an answer', async () => {
  const { sync, seen, add } = await line(...Array(6).fill(SILENCE), taken, SILENCE)
  await add('a')

  await sync.flush()
  for (let turn = 0; turn < 6; turn += 1) await seen.resume()
  await sync.ask(await add('b'))
  await seen.resume()

  assert.deepEqual(seen.pauses.slice(0, 6), [1000, 2000, 4000, 8000, 15000, 15000])
})

test('pauses of many devices are not the same', async () => {
  const pauses = []
  const queue = await Queue.open(new Memory())
  const wait = (_, ms) => pauses.push(ms)
  for (const random of [() => 0, () => 0.999]) {
    const send = { scan: async () => SILENCE }
    const sync = new Sync({ queue, send, probe: async () => SILENCE, onState: () => {}, wait, random })
    await sync.ask({ id: 'a', kind: 'scan', body: {} })
  }

  assert.deepEqual(pauses.map(Math.round), [750, 1250])
})

test('a server that asks for patience is given it', async () => {
  const { sync, seen, add } = await line(failed(429, { retryAfterMs: 7000 }))
  await add('a')

  await sync.flush()

  assert.deepEqual(seen.pauses, [7000])
})

test('what waits goes out fifty at a time, in its order', async () => {
  const { sync, seen, add } = await line()
  for (let index = 0; index < 120; index += 1) await add(`scan ${index}`)

  await sync.flush()

  assert.deepEqual(seen.posts.map((ids) => ids.length), [50, 50, 20])
  assert.deepEqual(seen.posts.flat(), Array.from({ length: 120 }, (_, index) => `scan ${index}`))
})

test('a walk-in goes before the scans of it, and an undo after its scan', async () => {
  const { sync, seen, add } = await line()
  await add('undo', { kind: 'undo', scan: 'scan' })
  await add('scan', { body: { guest_id: 'guest' } })
  await add('guest', { kind: 'walk_in' })

  await sync.flush()

  assert.deepEqual(seen.posts, [['guest'], ['scan'], ['undo']])
})

test('a scan that is being asked for is not sent twice, unless the device decided it', async () => {
  let release
  const { sync, seen, add } = await line(() => new Promise((resolve) => (release = resolve)))
  const entry = await add('a')
  const asking = sync.ask(entry)

  await sync.flush()
  assert.deepEqual([seen.posts, sync.isBusy], [[['a']], true])

  entry.isDecided = true
  await sync.flush()
  release(taken([entry]))
  await asking
  assert.deepEqual(seen.posts, [['a'], ['a']])
})

test('one flush at a time', async () => {
  let release
  const { sync, seen, add } = await line(() => new Promise((resolve) => (release = resolve)))
  await add('a')
  const first = sync.flush()

  await sync.flush()
  release({ ok: true, status: 200, data: { results: [{ id: 'a' }] } })
  await first

  assert.deepEqual(seen.posts, [['a']])
})

test('a server that does not answer in time leaves the device to itself, until one good answer', async () => {
  const { sync, seen } = await line()

  sync.slow()
  assert.equal(sync.isOffline, true)

  await seen.resume()
  assert.deepEqual([sync.isOffline, seen.probes], [false, 1])
})

test('a late answer does not end being offline', async () => {
  const { sync, seen, add } = await line((entries) => {
    seen.now += 1200
    return taken(entries)
  }, SILENCE)
  sync.slow()
  await add('a', { isDecided: true })

  await sync.flush()

  assert.deepEqual([seen.answers, sync.isOffline], [[['a', 'admitted']], true])
})

test('the server decides again only when everything decided here has arrived', async () => {
  const { sync, seen, add } = await line(taken, SILENCE)
  sync.slow()
  for (let index = 0; index < 60; index += 1) await add(`scan ${index}`, { isDecided: true })

  await sync.flush()
  assert.deepEqual([sync.isOffline, seen.answers.length], [true, 50])

  await seen.resume()
  assert.deepEqual([sync.isOffline, seen.answers.length], [false, 60])
})

test('an expired session keeps the scans and says so until somebody has signed in', async () => {
  const { sync, queue, seen, add } = await line(failed(401))
  await add('a')

  await sync.flush()
  assert.deepEqual(sync.state, { reachable: true, offline: true, waiting: 1, signedOut: true })

  await seen.resume()
  assert.deepEqual([sync.state.signedOut, queue.size], [false, 0])
})

test('being signed out is heard from any other question too', async () => {
  const { sync } = await line()

  sync.heard(failed(401))

  assert.deepEqual([sync.state.signedOut, sync.isOffline], [true, true])
})

test('what the server will not take comes back to whoever asked', async () => {
  const { sync, add } = await line(failed(422, { problem: { title: 'Unknown gate', code: 'unknown_gate' } }))

  const { problem } = await sync.ask(await add('a'))

  assert.deepEqual([problem, sync.isOffline], [{ status: 422, code: 'unknown_gate', message: 'Unknown gate' }, false])
})

test('one bad scan in a batch does not keep the others from being recorded', async () => {
  const { sync, seen, queue, add } = await line(failed(422), taken, failed(422, { problem: { detail: 'no such gate' } }))
  await add('good')
  await add('bad')

  await sync.flush()

  assert.deepEqual([seen.answers, seen.refused, queue.size], [[['good', 'admitted']], [['bad', 'no such gate']], 0])
})

test('a batch that breaks off while it is taken apart waits', async () => {
  const { sync, queue, add } = await line(failed(422), SILENCE)
  await add('a')
  await add('b')

  await sync.flush()

  assert.equal(queue.size, 2)
})

test('a scan that the answer leaves out is asked for again, after a pause', async () => {
  const { sync, queue, seen, add } = await line({ ok: true, status: 200, data: { results: [] } })
  await add('a')

  await sync.flush()

  assert.deepEqual([queue.size, seen.pauses], [1, [1000]])
})

test('another sign of life shows a door that has not scanned yet as connected', async () => {
  const { sync } = await line()

  sync.heard({ ok: true, status: 200 })

  assert.equal(sync.state.reachable, true)
})

test('another sign of life while offline sends what waits at once', async () => {
  const { sync, seen, add } = await line()
  sync.slow()
  await add('a', { isDecided: true })

  sync.heard({ ok: true, status: 200 })
  await new Promise(setImmediate)

  assert.deepEqual(seen.answers, [['a', 'admitted']])
})

test('any other question without an answer is enough to be offline, and to look again', async () => {
  const { sync, seen } = await line()

  sync.heard(SILENCE)
  assert.deepEqual([sync.state.reachable, sync.isOffline], [false, true])

  await seen.resume()
  assert.deepEqual([sync.state.reachable, sync.isOffline], [true, false])
})

test('nothing to send sends nothing', async () => {
  const { sync, seen } = await line()

  await sync.flush()

  assert.deepEqual([seen.posts, seen.probes], [[], 0])
})

test('what was decided goes out a moment later, once', async () => {
  const { sync, seen } = await line()

  sync.soon()
  sync.soon()

  assert.deepEqual(seen.pauses, [0])
})

for (const data of [{}, null]) {
  test(`an answer with ${JSON.stringify(data)} in it tells nothing: what waits is sent again`, async () => {
    const { sync, seen, queue, add } = await line({ ok: true, status: 200, data }, { ok: true, status: 200, data })
    const entry = await add('a')

    assert.deepEqual(await sync.ask(entry), { result: undefined })
    await seen.resume()
    assert.deepEqual([seen.posts.length, queue.size], [2, 1])

    await seen.resume()
    assert.deepEqual([seen.answers, queue.size], [[['a', 'admitted']], 0])
  })
}

test('an answer that nobody can read does not end the sending', async () => {
  const spoilt = (entries) => ({ ok: true, status: 200, data: { results: [null, ...taken(entries).data.results] } })
  const { sync, seen, queue, add } = await line(spoilt)
  await add('a')

  await sync.flush()
  assert.deepEqual([sync.isBusy, queue.size, seen.pauses], [false, 1, [1000]])

  await seen.resume()
  assert.equal(queue.size, 0)
})
