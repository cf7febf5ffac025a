import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Journal } from '../../static/js/door/journal.js'
import { NOWHERE } from '../../static/js/door/presence.js'

const INSIDE = { first: { at: 50, gate: 'South', by: '' }, inside: true, zone: 'hall', exited: false, lastAt: 50 }

function act(id, subject, more = {}) {
  const how = { isRehearsal: false, direction: 'entry', counts: true, at: 100, gate: 'North', zone: 'hall', by: '', before: NOWHERE }
  return { id, subjects: [subject], ...how, ...more }
}

test('who came in here is inside, though the manifest does not know it yet', () => {
  const journal = new Journal()

  journal.note(act('a', 'chen'))

  assert.deepEqual([journal.presenceOf(['chen'], NOWHERE).inside, journal.presenceOf(['li'], NOWHERE)], [true, NOWHERE])
})

test('acts survive a restart as they were written', () => {
  const [write] = new Journal().note(act('a', 'chen'))

  const journal = new Journal([write.value])

  assert.deepEqual([write.store, write.key, journal.presenceOf(['chen'], NOWHERE).first.at], ['journal', 'a', 100])
})

test('a ticket whose holder became known is still the same person', () => {
  const journal = new Journal()
  journal.note(act('a', 'hash'))

  assert.equal(journal.presenceOf(['chen', 'hash'], NOWHERE).inside, true)
})

test('an act that the server judged otherwise does not count', () => {
  const journal = new Journal()
  journal.note(act('a', 'chen'))

  journal.settle('a', { counts: false, at: 200 })

  assert.equal(journal.presenceOf(['chen'], NOWHERE).inside, false)
})

test('an undo brings back what was before, until the server says otherwise', () => {
  const journal = new Journal()
  journal.note(act('a', 'chen', { before: NOWHERE }))

  journal.undo('a')
  assert.equal(journal.presenceOf(['chen'], INSIDE).inside, false)

  journal.undo('a', { isUndone: false })
  assert.equal(journal.presenceOf(['chen'], NOWHERE).inside, true)
})

test('an act leaves once a manifest was asked for after the server had it', () => {
  const journal = new Journal()
  for (const id of ['early', 'late', 'unsent', 'rehearsed']) journal.note(act(id, id, { isRehearsal: id === 'rehearsed' }))
  for (const [id, at] of [['early', 200], ['late', 400], ['rehearsed', 200]]) journal.settle(id, { counts: true, at })

  const writes = journal.prune(300)

  assert.deepEqual(writes, [{ store: 'journal', key: 'early', drop: true }])
  assert.deepEqual([journal.presenceOf(['early'], NOWHERE).inside, journal.presenceOf(['late'], NOWHERE).inside], [false, true])
})

test('one act of two leaves and the other stays', () => {
  const journal = new Journal()
  journal.note(act('in', 'chen'))
  journal.note(act('out', 'chen', { direction: 'exit', at: 300 }))
  journal.settle('in', { counts: true, at: 310 })

  journal.prune(400)

  assert.equal(journal.presenceOf(['chen'], INSIDE).inside, false)
})

test('a rehearsal knows only itself', () => {
  const journal = new Journal()
  journal.note(act('a', 'chen', { isRehearsal: true }))

  assert.equal(journal.presenceOf(['chen'], NOWHERE).inside, false)
  assert.equal(journal.presenceOf(['chen'], NOWHERE, { isRehearsal: true }).inside, true)
  assert.equal(journal.presenceOf(['li'], INSIDE, { isRehearsal: true }).inside, false)
})

test('a zone is fuller by those who came in here, and emptier by those who left', () => {
  const journal = new Journal()
  const baseOf = ([subject]) => (subject === 'li' ? INSIDE : NOWHERE)
  journal.note(act('a', 'chen'))
  journal.note(act('b', 'wang'))
  journal.note(act('c', 'li', { direction: 'exit', at: 200 }))

  assert.equal(journal.shiftOf('hall', baseOf), 1)
  assert.equal(journal.shiftOf('stage', baseOf), 0)
  assert.equal(journal.shiftOf('hall', baseOf, { isRehearsal: true }), 0)
})

test('nothing is known of an act that was never noted', () => {
  assert.deepEqual([new Journal().settle('x', { counts: true, at: 1 }), new Journal().undo('x')], [[], []])
})
