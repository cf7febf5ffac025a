import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Guests } from '../../static/js/door/guests.js'
import { Journal } from '../../static/js/door/journal.js'
import { Bench } from '../../static/js/door/judging.js'
import { Roster } from '../../static/js/door/roster.js'

const COLUMNS = ['id', 'ticket', 'name', 'organisation', 'status', 'category', 'leader_id', 'keys']

function listOf({ isHere = true } = {}) {
  const roster = new Roster()
  roster.reset(COLUMNS)
  roster.merge(COLUMNS, [
    ['minister', 'hash m', '李国斌', '', 'confirmed', 'vip', null, '\nlgb\n李国斌\n李國斌\n'],
    ['secretary', 'hash s', '陈小满', '', 'confirmed', 'guest', 'minister', '\ncxm\n陈小满\n陳小滿\n'],
  ])
  const manifest = { isHere, gates: [], categories: [{ key: 'vip', name: { zh_hans: '贵宾', en: 'VIP' }, colour: '#9a6b00' }] }
  const bench = new Bench({ manifest, roster, journal: new Journal(), language: 'zh-Hans' })
  return new Guests({ manifest, roster, bench })
}

test('people are found as they are typed, with where they are', () => {
  const [found, ...others] = listOf().seek('陳', 8)

  assert.deepEqual([found.id, found.inside, found.first_at, others.length], ['secretary', false, null, 0])
})

test('a device without a list finds nobody, which is not the same as nobody being found', () => {
  assert.deepEqual([listOf({ isHere: false }).seek('陈', 8), listOf().seek('王', 8)], [null, []])
})

test('a leader has companions, and a companion a leader', () => {
  const guests = listOf()

  assert.deepEqual(guests.members('minister').map(({ id }) => id), ['secretary'])
  assert.deepEqual([guests.guest('minister').category_name, guests.guest('nobody')], ['贵宾', null])
})

test('categories are named in the page’s language', () => {
  assert.deepEqual(listOf().categories, [{ key: 'vip', name: '贵宾' }])
})

test('a walk-in is found by name at once', () => {
  const guests = listOf()

  guests.add({ id: 'wang', name: '王 芳', status: 'pending' }, null)

  assert.deepEqual(guests.seek('王芳', 8).map(({ id, status }) => [id, status]), [['wang', 'pending']])
})

test('a device without a list keeps no walk-in on it', () => {
  const guests = listOf({ isHere: false })

  guests.add({ id: 'wang', name: '王芳' }, null)

  assert.equal(guests.guest('wang'), null)
})
