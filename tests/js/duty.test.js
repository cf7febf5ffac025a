import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Duty } from '../../static/js/door/duty.js'
import { Memory } from '../../static/js/door/memory.js'

const CHEN = { steward: { id: 's', name: '陈小满', lead: true }, credential: 'signed', pin: '204816' }

test('nobody is on duty at first', async () => {
  const duty = await Duty.open(new Memory())

  assert.deepEqual([duty.steward, duty.credential, await duty.verify('204816')], [null, '', false])
})

test('who signed on is on duty after a restart, and the PIN opens the station without a server', async () => {
  const storage = new Memory()
  await (await Duty.open(storage)).signOn(CHEN)

  const duty = await Duty.open(storage)

  assert.deepEqual([duty.steward, duty.credential], [CHEN.steward, 'signed'])
  assert.deepEqual([await duty.verify('204816'), await duty.verify('204817')], [true, false])
})

test('the PIN itself is nowhere on the disk', async () => {
  const storage = new Memory()

  await (await Duty.open(storage)).signOn(CHEN)

  assert.equal(JSON.stringify(await storage.all('meta')).includes('204816'), false)
})

test('who signed off is forgotten', async () => {
  const storage = new Memory()
  const duty = await Duty.open(storage)
  await duty.signOn(CHEN)

  await duty.signOff()

  assert.deepEqual([duty.steward, await duty.verify('204816'), await storage.all('meta')], [null, false, []])
})

test('where nothing can be hashed no PIN opens the station', async () => {
  const duty = await Duty.open(new Memory(), { subtle: null })

  await duty.signOn(CHEN)

  assert.deepEqual([duty.steward.name, await duty.verify('204816')], ['陈小满', false])
})
