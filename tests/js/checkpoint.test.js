import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Checkpoint } from '../../static/js/door/checkpoint.js'
import { Clock } from '../../static/js/door/clock.js'
import { Journal } from '../../static/js/door/journal.js'
import { Lane } from '../../static/js/door/lane.js'
import { Memory } from '../../static/js/door/memory.js'
import { NOWHERE } from '../../static/js/door/presence.js'
import { Queue } from '../../static/js/door/queue.js'

const GATE = { id: 'north', name: 'North', zone: '' }
const SILENCE = { ok: false, status: 0, problem: null, retryAfterMs: 0 }
const STUCK = () => new Promise(() => {})

/** A checkpoint with a server that gives these answers in turn; `pass(ms)` lets time go by. */
async function door({ answers = [], knows = true, storage = new Memory() } = {}) {
  const seen = { posts: [], conflicts: [], refused: [], now: 0, timers: [] }
  const lane = new Lane()
  const journal = new Journal()
  const queue = await Queue.open(storage)
  const post = async (entries) => {
    seen.posts.push(entries.map(({ body }) => ({ ...body })))
    const answer = answers.shift() ?? admitted
    return typeof answer === 'function' ? answer(entries) : answer
  }
  const wait = (callback, ms) => {
    const timer = { callback, at: seen.now + ms }
    seen.timers.push(timer)
    return timer
  }
  const checkpoint = new Checkpoint({
    queue, journal, lane, wait,
    clock: new Clock({ now: () => seen.now }),
    judge: async (scan) => (knows ? judged(scan, journal) : null),
    send: { scan: post, walk_in: post, undo: post },
    probe: async () => SILENCE,
    on: {
      change: () => {},
      state: () => {},
      conflict: (entry, result) => seen.conflicts.push([entry.id, result.verdict]),
      refused: (entry, problem) => seen.refused.push([entry.id, problem.message]),
    },
    now: () => seen.now,
  })
  const read = (id, scan = {}) => checkpoint.read(itemOf(id, scan))
  const pass = async (ms) => {
    seen.now += ms
    for (const timer of seen.timers.filter(({ at }) => at <= seen.now)) {
      seen.timers.splice(seen.timers.indexOf(timer), 1)
      timer.callback()
    }
    await settled()
  }
  const screen = () => {
    const { name, item } = lane.screen(seen.now)
    return item ? `${name} ${item.id}` : name
  }
  return { checkpoint, lane, queue, journal, seen, read, pass, screen, storage }
}

function itemOf(id, scan = {}) {
  const body = { id, code: id, gate: 'north', direction: 'entry', scanned_at: 'now', mode: 'online', ...scan }
  return { id, key: body.guest_id ?? body.code, label: id, source: 'scanner', isCode: true, by: '陈小满', scan: body }
}

function judged({ id, code, guest_id: guest }, journal) {
  const subjects = [guest ?? `guest of ${code}`]
  const presence = journal.presenceOf(subjects, NOWHERE)
  const verdict = presence.inside ? 'already_inside' : 'admitted'
  const result = { id, verdict, admits: !presence.inside, needs: 'nothing', offline: true, guest: { id: subjects[0], name: '王方' } }
  return { result, subjects, presence, gate: GATE }
}

function admitted(entries) {
  return answered(...entries.map(({ id }) => ({ id, verdict: 'admitted', admits: true })))
}

function answered(...results) {
  return { ok: true, status: 200, data: { results } }
}

async function settled() {
  for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate)
}

test('an answer in time is the verdict, and nothing waits any more', async () => {
  const { read, screen, queue, seen } = await door()

  await read('a')
  await settled()

  assert.deepEqual([screen(), queue.size], ['admitted a', 0])
  assert.deepEqual([seen.posts[0][0].mode, seen.posts[0][0].local_verdict], ['online', 'admitted'])
})

test('the scan is on the disk before its name is shown', async () => {
  const { checkpoint, lane, queue, screen } = await door({ answers: [STUCK] })
  const order = []
  const add = queue.add.bind(queue)
  queue.add = async (...given) => {
    order.push(`before the disk: ${screen()}`)
    await add(...given)
    order.push(`on the disk: ${screen()}`)
  }

  await checkpoint.read(itemOf('a'), () => order.push('beep'))

  assert.deepEqual(order, ['beep', 'before the disk: idle', 'on the disk: idle'])
  assert.deepEqual([screen(), lane.screen(0).item.guest.name], ['reading a', '王方'])
})

test('the same code again is silent and is not kept', async () => {
  const { checkpoint, read, queue } = await door({ answers: [STUCK] })
  await read('a')
  let beeps = 0

  const isNew = await checkpoint.read(itemOf('b', { code: 'a' }), () => (beeps += 1))

  assert.deepEqual([isNew, beeps, queue.size], [false, 0, 1])
})

test('after a second the device decides, and says so when it uploads the same scan', async () => {
  const { read, pass, screen, queue, seen } = await door({ answers: [STUCK] })
  await read('a')
  await pass(999)
  assert.equal(screen(), 'reading a')

  await pass(1)
  assert.equal(screen(), 'admitted a')

  await pass(2000)
  assert.deepEqual(seen.posts.map(([{ id, mode }]) => [id, mode]), [['a', 'online'], ['a', 'offline']])
  assert.equal(queue.size, 0)
})

test('an answer to the first question settles nothing once the device has decided', async () => {
  let release
  const late = () => new Promise((resolve) => (release = resolve))
  const { read, pass, queue, screen } = await door({ answers: [late, SILENCE] })
  await read('a')
  await pass(1000)

  release(answered({ id: 'a', verdict: 'already_inside', admits: false }))
  await settled()

  assert.deepEqual([screen(), queue.size], ['admitted a', 1])
})

test('without a server nobody waits: the first refusal of the network is enough', async () => {
  const { read, screen, queue, seen } = await door({ answers: [SILENCE, SILENCE, SILENCE] })

  await read('a')
  await settled()
  assert.equal(screen(), 'admitted a')
  await read('b')

  assert.deepEqual([screen(), queue.waiting.map(({ body }) => body.mode)], ['admitted b', ['offline', 'offline']])
  assert.equal(seen.posts.length, 1)
})

test('who came in offline is inside when scanned again', async () => {
  const { read, pass, screen } = await door({ answers: Array(9).fill(SILENCE) })
  await read('a')
  await settled()
  await pass(11_000)

  await read('b', { code: 'a' })

  assert.equal(screen(), 'already_inside b')
})

test('what a device decided survives a restart', async () => {
  const first = await door({ answers: Array(9).fill(SILENCE) })
  await first.read('a')
  await settled()

  const { lane, queue, seen, checkpoint } = await door({ storage: first.storage })
  assert.deepEqual(lane.recent().map(({ id, result }) => [id, result.verdict]), [['a', 'admitted']])

  await checkpoint.sync.flush()
  assert.deepEqual([seen.posts.flat().map(({ id, mode }) => [id, mode]), queue.size], [[['a', 'offline']], 0])
})

test('a scan that nobody answered before the restart is told when the answer comes', async () => {
  const first = await door({ answers: [STUCK] })
  await first.read('a')

  const refused = answered({ id: 'a', verdict: 'cancelled', admits: false })
  const { screen, checkpoint } = await door({ storage: first.storage, answers: [refused] })
  await checkpoint.sync.flush()

  assert.equal(screen(), 'cancelled a')
})

test('a scan left without a verdict goes up as one of an earlier hour, and shows nobody green', async () => {
  const first = await door({ answers: [STUCK] })
  await first.read('a')

  const { screen, checkpoint, seen, storage, lane } = await door({ storage: first.storage })
  const [kept] = await storage.all('queue')
  await checkpoint.sync.flush()

  const [[{ mode, ...sent }]] = seen.posts
  assert.deepEqual([kept.body.mode, mode, 'local_verdict' in sent], ['offline', 'offline', false])
  assert.deepEqual([screen(), lane.recent()[0].result.verdict], ['idle', 'admitted'])
})

test('a server that would have refused makes a conflict, shown when the lane is idle', async () => {
  const conflict = answered({ id: 'a', verdict: 'already_inside', admits: false, conflict: true })
  const { read, pass, seen, lane, queue, screen } = await door({ answers: [STUCK, conflict] })
  await read('a')
  await pass(1000)
  await pass(1300)
  assert.deepEqual([seen.conflicts, queue.size], [[['a', 'already_inside']], 0])

  lane.tick(seen.now + 5000)

  assert.equal(screen(), 'already_inside a late')
})

test('a device that knows nobody waits for the server', async () => {
  const { read, pass, screen, queue } = await door({ knows: false, answers: [STUCK] })
  await read('a')

  await pass(1000)

  assert.deepEqual([screen(), queue.waiting[0].body.mode], ['no_answer a', 'online'])
})

test('a device that knows nobody sends the scan again until it is answered', async () => {
  const { read, pass, screen } = await door({ knows: false, answers: [SILENCE] })
  await read('a')
  await settled()

  await pass(2000)

  assert.equal(screen(), 'admitted a')
})

test('a scan that the server will not take is told and kept for a lead', async () => {
  const problem = { title: 'Unknown gate' }
  const { read, screen, queue, seen } = await door({ answers: [{ ok: false, status: 422, problem, retryAfterMs: 0 }] })

  await read('a')
  await settled()

  assert.deepEqual([screen(), queue.size, queue.refused.length, seen.refused], ['not_recorded a', 0, 1, [['a', 'Unknown gate']]])
})

test('a decided scan that the server will not take is told once the lane is idle', async () => {
  const problem = { title: 'Unknown gate' }
  const { read, pass, lane, seen, screen } = await door({ answers: [STUCK, { ok: false, status: 422, problem, retryAfterMs: 0 }] })
  await read('a')
  await pass(1000)
  await pass(1300)

  lane.tick(seen.now + 5000)

  assert.equal(screen(), 'not_recorded a late')
})

const HOW = { reason: '', steward: '', isLead: false }

test('an undo is sent at once, and the guest may come in again', async () => {
  const { checkpoint, read, lane, journal, queue } = await door()
  await read('a')
  await settled()

  const { ok } = await checkpoint.undo('a', HOW)

  assert.deepEqual([ok, lane.item('a').undone, queue.size], [true, true, 0])
  assert.equal(journal.presenceOf(['guest of a'], NOWHERE).inside, false)
})

test('an undo without a server waits behind its scan', async () => {
  const { checkpoint, read, pass, queue, seen } = await door({ answers: [SILENCE] })
  await read('a')
  await settled()

  const { ok } = await checkpoint.undo('a', HOW)
  assert.deepEqual([ok, queue.waiting.map(({ kind }) => kind)], [true, ['scan', 'undo']])

  await pass(2000)
  assert.deepEqual([seen.posts.length, queue.size], [3, 0])
})

test('after a minute only a lead takes a scan back', async () => {
  const { checkpoint, read, seen } = await door()
  await read('a')
  await settled()
  seen.now = 60_001

  assert.deepEqual(await checkpoint.undo('a', HOW), { ok: false })
  assert.deepEqual(await checkpoint.undo('a', { ...HOW, isLead: true }), { ok: true })
})

test('an undo that the server forbids did not happen', async () => {
  const { checkpoint, read, lane, journal, queue } = await door({ answers: [admitted, { ok: false, status: 409, retryAfterMs: 0 }] })
  await read('a')
  await settled()

  const { ok } = await checkpoint.undo('a', HOW)

  assert.deepEqual([ok, lane.item('a').undone, queue.size], [false, false, 0])
  assert.equal(journal.presenceOf(['guest of a'], NOWHERE).inside, true)
})

test('an undo that the server forbids long after is kept for a lead, and the guest stays inside', async () => {
  const forbidden = { ok: false, status: 409, problem: { title: 'Too late' }, retryAfterMs: 0 }
  const { checkpoint, read, pass, journal, queue, seen, storage } = await door({ answers: [SILENCE, admitted, forbidden] })
  await read('a')
  await settled()
  await checkpoint.undo('a', HOW)

  await pass(2000)

  const [act] = await storage.all('journal')
  assert.deepEqual([queue.size, queue.refused.map(({ kind }) => kind), seen.refused.length], [0, ['undo'], 1])
  assert.deepEqual([act.isUndone, journal.presenceOf(['guest of a'], NOWHERE).inside], [false, true])
  assert.equal(journal.prune(seen.now + 10_000).length, 1)
})

test('a walk-in is answered by the server', async () => {
  const { checkpoint, queue } = await door({ answers: [answered({ id: 'w', status: 'confirmed', guest: { id: 'w' } })] })

  const answer = await checkpoint.walkIn({ id: 'w', name: '王方', at: 'now' })

  assert.deepEqual([answer.status, queue.size], ['confirmed', 0])
})

test('a walk-in that is refused tells why and leaves nothing behind', async () => {
  const refused = { code: 'badge_not_spare', message: 'This badge is taken.' }
  const { checkpoint, queue } = await door({ answers: [answered({ id: 'w', refused })] })

  const answer = await checkpoint.walkIn({ id: 'w', name: '王方', at: 'now' })

  assert.deepEqual([answer.refused, queue.size], [refused, 0])
})

test('a walk-in without a server goes before the scan of the same guest', async () => {
  const { checkpoint, read, pass, seen, queue } = await door({ answers: [STUCK, SILENCE] })
  const asking = checkpoint.walkIn({ id: 'w', name: '王方', at: 'now' })
  await settled()
  await pass(1000)
  assert.deepEqual(await asking, { status: 'pending' })

  await read('a', { guest_id: 'w', code: undefined })

  assert.deepEqual(queue.waiting.map(({ kind, body }) => [kind, body.mode]), [['walk_in', undefined], ['scan', 'offline']])
  assert.equal(seen.posts.flat().filter(({ id }) => id === 'a').length, 0)
})

test('a walk-in that is refused long after is kept for a lead', async () => {
  const refused = { code: 'full', message: 'Full.' }
  const { checkpoint, pass, queue, seen } = await door({ answers: [SILENCE, answered({ id: 'w', refused })] })
  const answer = await checkpoint.walkIn({ id: 'w', name: '王方', at: 'now' })
  assert.equal(answer.status, 'pending')

  await pass(2000)

  assert.deepEqual([queue.size, queue.refused.map(({ id }) => id), seen.refused], [0, ['w'], [['w', 'Full.']]])
})

for (const [how, answer] of [
  ['by itself', answered({ id: 'w', refused: { code: 'full', message: 'Full.' } })],
  ['as a request', { ok: false, status: 422, problem: { code: 'full', title: 'Full.' }, retryAfterMs: 0 }],
]) {
  test(`a walk-in that is refused ${how} after the steward was told to go on is kept for a lead`, async () => {
    let release
    const { checkpoint, pass, queue, seen } = await door({ answers: [() => new Promise((resolve) => (release = resolve))] })
    const asking = checkpoint.walkIn({ id: 'w', name: '王方', at: 'now' })
    await settled()
    await pass(1000)
    assert.deepEqual(await asking, { status: 'pending' })

    release(answer)
    await settled()

    assert.deepEqual([queue.size, queue.refused.map(({ id }) => id), seen.refused], [0, ['w'], [['w', 'Full.']]])
  })
}

test('a scan that waited for a walk-in goes out once that is answered', async () => {
  let release
  const { checkpoint, read, pass, queue, seen } = await door({ answers: [() => new Promise((resolve) => (release = resolve))] })
  checkpoint.walkIn({ id: 'w', name: '王方', at: 'now' })
  await settled()
  await read('a', { guest_id: 'w', code: undefined })
  await pass(0)
  assert.equal(seen.posts.length, 1)

  release(answered({ id: 'w', status: 'confirmed', guest: { id: 'w' } }))
  await settled()
  await pass(0)

  assert.deepEqual([seen.posts.flat().map(({ id }) => id), queue.size], [['w', 'a'], 0])
})
