import assert from 'node:assert/strict'
import { test } from 'node:test'

import { looksLikeCode, queryOf, rowOf, stateOf, stepTo } from '../../static/js/door/search.js'

const WORDS = {
  state_inside: 'Inside {time}',
  state_left: 'Left',
  state_expected: 'Not here yet',
  state_pending: 'To be approved',
  state_cancelled: 'Cancelled',
}
const ZONE = { language: 'en', timeZone: 'Asia/Hong_Kong' }
const GUEST = {
  id: 'g',
  name: '陈大文',
  name_latin: 'Chan Tai Man',
  organisation: '河套发展署',
  category_name: '嘉宾',
  status: 'confirmed',
  inside: false,
  first_at: null,
}

test('a row says who it is, where from, of which category, and whether they are here', () => {
  assert.deepEqual(rowOf(GUEST, WORDS, ZONE), {
    name: '陈大文',
    latin: 'Chan Tai Man',
    from: '河套发展署',
    category: '嘉宾',
    state: { name: 'expected', text: 'Not here yet' },
  })
})

test('a guest with a Latin name only has it once', () => {
  const { name, latin } = rowOf({ ...GUEST, name: 'Li Na', name_latin: 'Li Na' }, WORDS, ZONE)

  assert.deepEqual([name, latin], ['Li Na', ''])
})

test('a row of a guest of whom little is known has no holes', () => {
  const row = rowOf({ id: 'g', name: '李', status: 'confirmed' }, WORDS, ZONE)

  assert.deepEqual([row.latin, row.from, row.category], ['', '', ''])
})

const states = [
  ['inside since nine, Hong Kong time', { inside: true, first_at: '2026-03-02T01:05:00Z' }, 'inside', 'Inside 09:05'],
  ['inside since a moment that is not known', { inside: true }, 'inside', 'Inside'],
  ['gone again', { first_at: '2026-03-02T01:05:00Z' }, 'left', 'Left'],
  ['not here yet', {}, 'expected', 'Not here yet'],
  ['waiting for approval', { status: 'pending' }, 'pending', 'To be approved'],
  ['cancelled', { status: 'cancelled' }, 'cancelled', 'Cancelled'],
  ['inside although cancelled', { status: 'cancelled', inside: true }, 'inside', 'Inside'],
]
for (const [how, facts, name, text] of states) {
  test(`a guest is ${how}`, () => {
    assert.deepEqual(stateOf({ ...GUEST, ...facts }, WORDS, ZONE), { name, text })
  })
}

for (const [typed, query] of [
  ['陈', '陈'],
  ['  chen   da ', 'chen da'],
  ["ou'yang'ming", 'ouyangming'],
  ['ｌｇｂ', 'lgb'],
  ['　', ''],
  ['1818', '1818'],
]) {
  test(`${JSON.stringify(typed)} asks for ${JSON.stringify(query)}`, () => {
    assert.equal(queryOf(typed), query)
  })
}

for (const [from, pressed, to] of [
  [-1, 'ArrowDown', 0],
  [0, 'ArrowDown', 1],
  [2, 'ArrowDown', -1],
  [-1, 'ArrowUp', 2],
  [0, 'ArrowUp', -1],
  [1, 'Home', 1],
]) {
  test(`among three rows ${pressed} leads from ${from} to ${to}`, () => {
    assert.equal(stepTo(from, pressed, 3), to)
  })
}

test('without rows an arrow leads nowhere', () => {
  assert.deepEqual([stepTo(-1, 'ArrowDown', 0), stepTo(-1, 'ArrowUp', 0)], [-1, -1])
})

for (const [typed, is] of [
  ['Y1 H7K2M D0K5G FWVSM MT919 J8J2F X', true],
  ['y1h7k2md0k5gfwvsmmt919j8', true],
  ['陈大文', false],
  ['Featherstonehaugh-Cholmondeley', false],
  ['26291818', false],
]) {
  test(`${typed} ${is ? 'is sent as a code, though it holds a mistake' : 'is looked for as a name'}`, () => {
    assert.equal(looksLikeCode(typed), is)
  })
}
