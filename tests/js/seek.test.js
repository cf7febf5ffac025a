import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { Roster } from '../../static/js/door/roster.js'
import { matches, nearness, pieces, plain, seek } from '../../static/js/door/seek.js'

const { guests, cases } = JSON.parse(readFileSync(new URL('../vectors/names.json', import.meta.url), 'utf8'))
const column = (keys) => `\n${keys.join('\n')}\n`

for (const { name, query, guest, found } of cases) {
  test(`as on the server: ${name}`, () => {
    assert.equal(matches(pieces(query), column(guests[guest].keys)), found)
  })
}

for (const [typed, folded] of [
  ['ＬＩ', 'li'], ['Élodie Nguyễn', 'elodie nguyen'], ["O'Neill-Straße", 'oneillstrasse'], ['Łukasz Øst', 'lukasz ost'],
  ['陈　小满', '陈 小满'], ['🎉', ''],
]) {
  test(`“${typed}” is compared as “${folded}”`, () => assert.equal(plain(typed), folded))
}

for (const [query, key, nearest] of [
  ['liguobin', 'li', 0], ['李国斌', 'li', 0], ['李國斌', 'li', 0], ['li', 'li', 1], ['李', 'li', 1], ['guobin', 'li', 1],
  ['lgb', 'li', 2], ['国', 'li', 3], ['dajiang', 'li', 4], ['大疆', 'li', 4],
  ['陈', 'chan', 1], ['陳', 'chan', 1], ['taiman', 'chan', 1], ['david', 'chan', 1], ['科技园', 'chan', 4],
  ['欧阳', 'ouyang', 1], ['歐陽', 'ouyang', 1], ['ouyang', 'ouyang', 1], ['深圳', 'ouyang', 4],
  ['shan', 'shan', 1], ['单', 'shan', 1], ['zenglehang', 'zeng', 0], ['chongqing', 'zeng', 4],
]) {
  test(`“${query}” is at distance ${nearest} from ${guests[key].name}`, () => {
    assert.equal(nearness(pieces(query), { ...guests[key], keys: column(guests[key].keys) }), nearest)
  })
}

const COLUMNS = ['id', 'ticket', 'name', 'name_latin', 'keys']

function rosterOf(...labels) {
  const roster = new Roster()
  roster.reset(COLUMNS)
  roster.merge(COLUMNS, labels.map((label) => {
    const { name, name_latin: latin = '', keys } = guests[label]
    return [label, `hash ${label}`, name, latin, column(keys)]
  }))
  return roster
}

test('the nearest come first, and no more than asked for', () => {
  const roster = rosterOf('chan', 'chen', 'shan', 'li')

  assert.deepEqual(seek(roster, 'chan', 8).map(({ id }) => id), ['chan', 'shan'])
  assert.deepEqual(seek(roster, '陳', 1).length, 1)
  assert.deepEqual(seek(roster, '陈', 8).map(({ id }) => id), ['chan', 'chen'])
})

test('an empty query, or one of signs, finds nobody', () => {
  assert.deepEqual([seek(rosterOf('li'), ' ', 8), seek(rosterOf('li'), '🎉', 8)], [[], []])
})
