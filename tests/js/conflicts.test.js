import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Conflicts } from '../../static/js/door/conflicts.js'
import { Memory } from '../../static/js/door/memory.js'

const ENTRY = { id: 'scan', body: { scanned_at: 'noon', local_verdict: 'admitted' }, local: { guest: { id: 'chen', name: '陈小满', organisation: '' } } }

test('a conflict is kept with both words until a lead has settled it', async () => {
  const storage = new Memory()
  await (await Conflicts.open(storage)).add(ENTRY, { verdict: 'already_inside' })

  const conflicts = await Conflicts.open(storage)
  assert.deepEqual(conflicts.all, [
    { id: 'scan', guest: { id: 'chen', name: '陈小满' }, at: 'noon', verdict: 'already_inside', local_verdict: 'admitted' },
  ])

  await conflicts.settle([{ scan: 'scan', settled: null }, { scan: 'other', settled: {} }])
  assert.equal(conflicts.all.length, 1)

  await conflicts.settle([{ scan: 'scan', settled: { by: 'lead' } }])
  assert.deepEqual([conflicts.all, await storage.all('conflicts')], [[], []])
})

test('a conflict about nobody on the list is kept too', async () => {
  const conflicts = await Conflicts.open(new Memory())

  await conflicts.add({ ...ENTRY, local: null }, { verdict: 'unknown', guest: null })

  assert.equal(conflicts.all[0].guest, null)
})

test('a device that was revoked forgets them', async () => {
  const storage = new Memory()
  const conflicts = await Conflicts.open(storage)
  await conflicts.add(ENTRY, { verdict: 'unknown' })

  await conflicts.forget()

  assert.deepEqual([conflicts.all, await storage.all('conflicts')], [[], []])
})
