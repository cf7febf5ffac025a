import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Visits } from '../../static/js/booth/visits.js'
import { Waiting } from '../../static/js/booth/waiting.js'

const CODE = 'Y1H7K2MD0K5GFWVSMMT919J8J2FG'
const OTHER = 'https://example.org/t/y1h7k2md0k5gfwvsmmt919j8j2fg'
const LEAD = { id: '1', name: '陈伟' }
const SHARED = { ok: true, status: 200, data: { result: 'shared', lead: LEAD, repeated: false } }
const NOT_AGREED = { ok: true, status: 200, data: { result: 'not_agreed', lead: null, repeated: false } }
const LOST = { ok: false, status: 0 }

/** A booth whose server gives these answers in turn, the last one for ever. */
function booth(...answers) {
  const clock = { now: 1_000_000 }
  const sent = []
  const waiting = new Waiting('A-01', { getItem: () => null, setItem() {} })
  const send = async (body) => {
    sent.push(body)
    return answers.length > 1 ? answers.shift() : answers[0]
  }
  return { visits: new Visits({ waiting, send, now: () => clock.now }), waiting, sent, clock }
}

test('a code in view is read once until it was away for a while', () => {
  const { visits, clock } = booth(SHARED)
  const read = (text, after) => {
    clock.now += after
    return visits.fresh(text)
  }

  assert.equal(read(OTHER, 0), CODE)
  assert.equal(read(CODE, 7_000), null)
  assert.equal(read(CODE, 7_000), null)
  assert.equal(read(CODE, 9_000), CODE)
  assert.equal(read('a poster', 10), 'a poster')
  assert.equal(read(CODE, 10), CODE)
})

test('the same code is read again at once when it was forgotten', () => {
  const { visits } = booth(SHARED)
  visits.fresh(CODE)

  visits.forget()

  assert.equal(visits.fresh(CODE), CODE)
})

test('a visitor who agreed is answered with their card, and nothing waits', async () => {
  const { visits, waiting, sent } = booth(SHARED)

  const { visit, ...found } = await visits.meet(CODE)

  assert.deepEqual(found, { result: 'shared', lead: LEAD, repeated: false })
  assert.deepEqual(sent, [{ id: visit.id, code: CODE, ago_s: 0 }])
  assert.equal(waiting.count, 0)
})

test('what is no code of a pass is not sent at all', async () => {
  const { visits, sent } = booth(SHARED)

  assert.deepEqual(await visits.meet('a poster'), { result: 'unknown' })
  assert.deepEqual(sent, [])
})

for (const status of [0, 408, 429, 500, 503]) {
  test(`a code that was answered ${status} waits, without a name`, async () => {
    const { visits, waiting } = booth({ ok: false, status })

    const { result } = await visits.meet(CODE)

    assert.equal(result, 'kept')
    assert.deepEqual(waiting.all.map(({ id, ...rest }) => rest), [{ code: CODE, at: 1_000_000 }])
  })
}

test('what the server will not take is said and does not wait', async () => {
  const { visits, waiting } = booth({ ok: false, status: 422 })

  assert.equal((await visits.meet(CODE)).result, 'failed')
  assert.equal(waiting.count, 0)
})

test('a phone that was withdrawn keeps what it has', async () => {
  const { visits, waiting } = booth({ ok: false, status: 401 })

  assert.equal((await visits.meet(CODE)).result, 'revoked')
  assert.deepEqual(await visits.flush(), { met: 0, notAgreed: 0, revoked: true })
  assert.equal(waiting.count, 1)
})

test('what waited is sent under its first id, with how long ago it was', async () => {
  const { visits, waiting, sent, clock } = booth(LOST, LOST, SHARED, NOT_AGREED)
  await visits.meet(CODE)
  await visits.meet(CODE)
  clock.now += 60_000

  const flushed = await visits.flush()

  assert.deepEqual(flushed, { met: 1, notAgreed: 1, revoked: false })
  assert.deepEqual(sent.slice(2).map(({ id }) => id), sent.slice(0, 2).map(({ id }) => id))
  assert.deepEqual(sent.slice(2).map(({ ago_s }) => ago_s), [60, 60])
  assert.equal(waiting.count, 0)
})

test('as long as no answer comes the others are not tried', async () => {
  const { visits, waiting, sent } = booth(LOST)
  await visits.meet(CODE)
  await visits.meet(CODE)

  await visits.flush()

  assert.equal(sent.length, 3)
  assert.equal(waiting.count, 2)
})

test('two flushes at once send each code once', async () => {
  const { visits, sent } = booth(LOST, SHARED)
  await visits.meet(CODE)

  await Promise.all([visits.flush(), visits.flush()])

  assert.equal(sent.length, 2)
})

test('a note is sent under the id of the visit', async () => {
  const { visits, sent } = booth(SHARED)
  const { visit } = await visits.meet(CODE)

  assert.equal(await visits.note(visit, '想看样机'), true)
  assert.deepEqual(sent.at(-1), { id: visit.id, code: CODE, note: '想看样机' })
})

test('a note on somebody who has taken back their consent is not said to be saved', async () => {
  const { visits } = booth(SHARED, NOT_AGREED)
  const { visit } = await visits.meet(CODE)

  assert.equal(await visits.note(visit, '想看样机'), false)
})
