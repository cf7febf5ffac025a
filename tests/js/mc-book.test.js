import assert from 'node:assert/strict'
import { test } from 'node:test'

import { CueBook } from '../../static/js/stage/mc-book.js'

const LANGUAGES = ['zh-Hans', 'en']

function line(key, { sentence = `say ${key}`, spoken = true } = {}) {
  const [, round] = key.split(':')
  return { key, sentence, spoken, digest: `${sentence}|${spoken}`, round_id: key.startsWith('round') ? round : null }
}

const ROUND = (id) => ['call', 'act', 'close'].map((part) => line(`round:${id}:${part}`))
const NOTICE = (id) => line(`round:${id}:postponed`, { sentence: 'put off', spoken: false })
const OPENING = line('segment:s')

/** The same lines in both languages, the English ones with other words. */
function cues(lines, { version = 'v1', onStage = null } = {}) {
  const english = lines.map((each) => ({ ...each, sentence: `${each.sentence}!`, digest: `${each.digest}!` }))
  return { version, at: '2026-03-02T12:00:00+08:00', on_stage: onStage, languages: LANGUAGES, lines: { 'zh-Hans': lines, en: english } }
}

function book(lines = [OPENING, ...ROUND('a'), ...ROUND('b')], { kept, language = 'zh-Hans', ...more } = {}) {
  return new CueBook(cues(lines, more), language, kept)
}

function walk(opened, steps) {
  for (let step = 0; step < steps; step += 1) opened.turn(1)
  return opened
}

const keys = (lines) => lines.map(({ key }) => key)

test('a book opens at its first line, and nothing of it is new to anybody', () => {
  const opened = book()

  assert.deepEqual([opened.previous, opened.current.key, opened.next.key], [null, 'segment:s', 'round:a:call'])
  assert.deepEqual(opened.place, { place: 1, count: 7 })
  assert.deepEqual([opened.changes, opened.gone], [[], 0])
})

test('it turns on and back, and stops at either end', () => {
  const opened = book()

  assert.deepEqual([opened.turn(1), opened.turn(1), opened.turn(-1), opened.current.key], [true, true, true, 'round:a:call'])
  opened.last()
  assert.deepEqual([opened.turn(1), opened.current.key, opened.next], [false, 'round:b:close', null])
  opened.first()
  assert.deepEqual([opened.turn(-1), opened.current.key], [false, 'segment:s'])
})

test('a book without a line has nowhere to go', () => {
  const empty = book([])

  empty.first()
  empty.last()
  empty.go('x')
  assert.deepEqual([empty.current, empty.turn(1), empty.place], [null, false, { place: 0, count: 0 }])
})

test('where one stood survives the page', () => {
  const kept = JSON.parse(JSON.stringify(walk(book(), 3).kept()))

  assert.equal(book(undefined, { kept }).current.key, 'round:a:close')
})

test('where one stood is found again though lines went away while the page was closed', () => {
  const kept = walk(book(), 3).kept()

  const opened = book([OPENING, NOTICE('a'), ...ROUND('b')], { kept })

  assert.equal(opened.current.key, 'round:b:call')
  assert.deepEqual(keys(opened.noticesBefore(opened.current)), ['round:a:postponed'])
})

test('newer lines leave one where one is and mark what is different', () => {
  const opened = walk(book(), 1)
  const [call, act, close] = ROUND('a')
  const other = line(call.key, { sentence: 'say it otherwise' })

  opened.take(cues([OPENING, other, act, close, line('round:a:more'), ...ROUND('b')], { version: 'v2' }))

  assert.deepEqual([opened.current.key, opened.version], ['round:a:call', 'v2'])
  assert.deepEqual(keys(opened.changes), ['round:a:call', 'round:a:more'])
  assert.deepEqual(opened.changeOf(other), { kind: 'changed', was: 'say round:a:call' })
  assert.equal(opened.changeOf(opened.changes[1]).kind, 'new')
})

test('what was said is not repeated where the sentence is the same', () => {
  const opened = book([OPENING])

  opened.take(cues([{ ...OPENING, digest: 'another time' }]))

  assert.deepEqual(opened.changeOf(opened.current), { kind: 'changed', was: '' })
})

test('a change stays marked through a reload until it is tapped, in every language at once', () => {
  const first = book([OPENING])
  first.take(cues([line('segment:s', { sentence: 'otherwise' })]))
  const opened = book([line('segment:s', { sentence: 'otherwise' })], { kept: first.kept() })
  assert.equal(opened.changes.length, 1)

  opened.acknowledge('segment:s')

  assert.deepEqual(opened.changes, [])
  opened.speak('en')
  assert.deepEqual(opened.changes, [])
})

test('a change is passed by turning, with the notices on the way, and not by looking from afar', () => {
  const opened = book()
  const [, ...rest] = ROUND('a')
  opened.take(cues([line('segment:s', { sentence: 'new opening' }), NOTICE('x'), ROUND('a')[0], ...rest, line('round:c:call')]))
  assert.deepEqual(keys(opened.changes), ['segment:s', 'round:x:postponed', 'round:c:call'])

  opened.turn(1)

  assert.deepEqual(keys(opened.changes), ['round:c:call'])
  opened.last()
  assert.deepEqual(keys(opened.changes), ['round:c:call'])
  opened.turn(-1)
  assert.deepEqual(opened.changes, [])
})

test('a round that is put off under one’s eyes leads on to the next one and says so', () => {
  const opened = walk(book(), 2)

  opened.take(cues([OPENING, NOTICE('a'), ...ROUND('b')]))

  assert.equal(opened.current.key, 'round:b:call')
  assert.deepEqual(keys(opened.noticesBefore(opened.current)), ['round:a:postponed'])
  assert.deepEqual([keys(opened.changes), opened.gone], [['round:a:postponed'], 0])
})

test('the last round put off leads back to what is left', () => {
  const opened = walk(book(), 6)

  opened.take(cues([OPENING, ...ROUND('a'), NOTICE('b')]))

  assert.deepEqual([opened.current.key, opened.next], ['round:a:close', null])
  assert.deepEqual(keys(opened.noticesBefore(opened.next)), ['round:b:postponed'])
})

test('lines that go away without a notice are counted until somebody notes it', () => {
  const opened = book()

  opened.take(cues([OPENING, ...ROUND('a')]))
  assert.equal(opened.gone, 3)
  const reopened = book([OPENING, ...ROUND('a')], { kept: opened.kept() })
  assert.equal(reopened.gone, 3)
  reopened.acknowledge()

  assert.equal(reopened.gone, 0)
})

test('a round that is taken up again is new, and its notice is not missed', () => {
  const opened = book([OPENING, NOTICE('a')])

  opened.take(cues([OPENING, ...ROUND('a')]))

  assert.deepEqual([opened.changes.length, opened.gone], [3, 0])
})

test('it goes to a line, to the line after a notice, and to the round on stage', () => {
  const opened = book([OPENING, NOTICE('a'), ...ROUND('b'), ...ROUND('c')], { onStage: { round: 'c', number: 3, state: 'on_stage' } })

  opened.go('round:a:postponed')
  assert.deepEqual([opened.current.key, opened.isOnStage], ['round:b:call', false])
  opened.goOnStage()
  assert.deepEqual([opened.current.key, opened.isOnStage, opened.onStage.number], ['round:c:call', true, 3])
  opened.go('segment:s')
  assert.equal(opened.current.key, 'segment:s')
})

test('nothing is on stage between two rounds', () => {
  const opened = walk(book(), 1)

  opened.goOnStage()

  assert.deepEqual([opened.isOnStage, opened.onStage, opened.current.key], [false, null, 'round:a:call'])
})

test('it speaks a language that there is, and stays where it was in another', () => {
  const opened = walk(book(undefined, { language: 'fr' }), 1)
  assert.equal(opened.language, 'zh-Hans')

  opened.speak('en')

  assert.deepEqual([opened.current.sentence, opened.language], ['say round:a:call!', 'en'])
  assert.deepEqual([opened.languages, opened.at], [LANGUAGES, '2026-03-02T12:00:00+08:00'])
})
