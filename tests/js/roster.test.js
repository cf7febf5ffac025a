import assert from 'node:assert/strict'
import { test } from 'node:test'

import { CHUNK, Roster } from '../../static/js/door/roster.js'

const COLUMNS = ['id', 'ticket', 'name', 'leader_id', 'keys']
const row = (id, more = {}) => [id, more.ticket ?? `hash ${id}`, more.name ?? id, more.leader ?? null, more.keys ?? `\n${id}\n`]

function rosterOf(...rows) {
  const roster = new Roster()
  roster.reset(COLUMNS)
  roster.merge(COLUMNS, rows)
  return roster
}

test('a guest is found by id and by ticket', () => {
  const roster = rosterOf(row('chen'), row('li'))

  assert.deepEqual(roster.guest('li'), { id: 'li', ticket: 'hash li', name: 'li', leader_id: null })
  assert.equal(roster.holder('hash chen').id, 'chen')
  assert.deepEqual([roster.guest('x'), roster.holder('x'), roster.size], [null, null, 2])
})

test('a guest who changed is the same guest, and a ticket that was replaced is nobody’s', () => {
  const roster = rosterOf(row('chen'), row('li'))

  roster.merge(COLUMNS, [row('chen', { ticket: 'new hash', name: '陈小满' })])

  assert.deepEqual([roster.size, roster.guest('chen').name, roster.holder('new hash').id], [2, '陈小满', 'chen'])
  assert.equal(roster.holder('hash chen'), null)
})

test('columns are told by their names, so their order may change', () => {
  const roster = rosterOf(row('chen'))

  roster.merge(['name', 'id', 'keys', 'ticket', 'leader_id'], [['陈小满', 'chen', '\nchen\n', 'hash chen', null]])

  assert.equal(roster.guest('chen').name, '陈小满')
})

test('only chunks in which something changed are kept anew', () => {
  const everybody = Array.from({ length: CHUNK * 2 + 1 }, (_, index) => row(`guest ${index}`))
  const roster = rosterOf(...everybody)
  assert.equal(roster.chunks, 3)

  const dirty = roster.merge(COLUMNS, [everybody[0], row(`guest ${CHUNK}`, { name: 'moved' }), row('new', { keys: '\nn\n' })])

  assert.deepEqual([[...dirty.rows], [...dirty.keys]], [[1, 2], [2]])
  assert.deepEqual(roster.chunk(2), {
    rows: [[`guest ${CHUNK * 2}`, `hash guest ${CHUNK * 2}`, `guest ${CHUNK * 2}`, null], ['new', 'hash new', 'new', null]],
    keys: [`\nguest ${CHUNK * 2}\n`, '\nn\n'],
  })
})

test('what was kept comes back: rows first, keys later', () => {
  const kept = rosterOf(row('chen'), row('li')).chunk(0)
  const roster = new Roster()
  roster.reset(COLUMNS)

  roster.append(kept.rows)
  assert.deepEqual([roster.holder('hash li').id, roster.filter(() => true, 9).length], ['li', 0])

  roster.setKeys(kept.keys)
  assert.deepEqual(roster.filter((keys) => keys.includes('li'), 9).map(({ id, keys }) => [id, keys]), [['li', '\nli\n']])
})

test('a search ends when enough were found', () => {
  const roster = rosterOf(row('a'), row('b'), row('c'))

  assert.deepEqual(roster.filter(() => true, 2).map(({ id }) => id), ['a', 'b'])
})

test('companions are found by their leader, also after somebody joined', () => {
  const roster = rosterOf(row('minister'), row('secretary', { leader: 'minister' }))
  assert.deepEqual(roster.members('minister').map(({ id }) => id), ['secretary'])

  roster.merge(COLUMNS, [row('driver', { leader: 'minister' })])

  assert.deepEqual(roster.members('minister').map(({ id }) => id), ['secretary', 'driver'])
  assert.deepEqual(roster.members('driver'), [])
})

test('a walk-in is a guest at once and becomes the server’s', () => {
  const roster = rosterOf(row('chen'))
  roster.add({ id: 'wang', name: '王方' }, '\n王方\n')
  assert.deepEqual([roster.guest('wang').name, roster.guest('wang').ticket], ['王方', null])

  roster.merge(COLUMNS, [row('wang', { name: '王芳' })])

  assert.deepEqual([roster.size, roster.holder('hash wang').name], [2, '王芳'])
})
