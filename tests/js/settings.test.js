import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

import { Settings } from '../../static/js/door/settings.js'

let station

beforeEach(() => {
  const kept = new Map()
  station = { setting: async (name) => kept.get(name), remember: async (name, value) => kept.set(name, structuredClone(value)) }
})

const said = ({ isLocked, lockMinutes, isRehearsal }) => ({ isLocked, lockMinutes, isRehearsal })

test('a new device is open, never locks itself and rehearses nothing', async () => {
  const settings = await Settings.open(station)

  assert.deepEqual(said(settings), { isLocked: false, lockMinutes: 0, isRehearsal: false })
})

test('the next page knows what was remembered, and what was there before', async () => {
  await (await Settings.open(station)).remember({ lockMinutes: 5, isRehearsal: true })
  const kiosk = await Settings.open(station)
  await kiosk.remember({ isLocked: true })

  const next = await Settings.open(station)

  assert.deepEqual([said(kiosk), said(next)], Array(2).fill({ isLocked: true, lockMinutes: 5, isRehearsal: true }))
})

test('two changes at once are both remembered', async () => {
  const settings = await Settings.open(station)

  await Promise.all([settings.remember({ isRehearsal: true }), settings.remember({ isLocked: true })])

  assert.deepEqual(said(await Settings.open(station)), { isLocked: true, lockMinutes: 0, isRehearsal: true })
})
