import assert from 'node:assert/strict'
import { test } from 'node:test'

import { after, NOWHERE } from '../../static/js/door/presence.js'

const passage = (direction, at, more = {}) => ({ direction, counts: true, at, gate: 'North', zone: '', by: '陈小满', ...more })
const folded = (...passages) => passages.reduce(after, NOWHERE)

test('the first entry is remembered with gate and steward', () => {
  const here = folded(passage('entry', 100), passage('entry', 200, { gate: 'South' }))

  assert.deepEqual(here, { first: { at: 100, gate: 'North', by: '陈小满' }, inside: true, zone: '', exited: false, lastAt: 200 })
})

test('an exit ends the stay, and an entry begins another', () => {
  const gone = folded(passage('entry', 100, { zone: 'hall' }), passage('exit', 200))
  assert.deepEqual([gone.inside, gone.zone, gone.exited, gone.first.at], [false, '', true, 100])

  const back = after(gone, passage('entry', 300, { zone: 'hall' }))
  assert.deepEqual([back.inside, back.zone, back.exited, back.first.at], [true, 'hall', false, 100])
})

test('a refusal changes nothing', () => {
  assert.equal(folded(passage('entry', 100, { counts: false })), NOWHERE)
})

test('an earlier entry that comes late is the first one, and moves nobody', () => {
  const known = folded(passage('entry', 500, { gate: 'South' }), passage('exit', 600))

  const here = after(known, passage('entry', 100))

  assert.deepEqual([here.first.at, here.inside, here.lastAt], [100, false, 600])
})

test('an earlier exit that comes late, and a later entry, are no first one', () => {
  const known = folded(passage('entry', 500))

  assert.deepEqual(after(known, passage('exit', 400)), known)
  assert.equal(after(after(known, passage('exit', 600)), passage('entry', 550)).first.at, 500)
})
