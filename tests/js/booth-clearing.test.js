import assert from 'node:assert/strict'
import { test } from 'node:test'

import { clearGuestLists } from '../../static/js/booth/clearing.js'
import { STORES } from '../../static/js/door/storage.js'
import { Memory } from '../../static/js/door/memory.js'

/** A browser with these databases, each with one entry in every store. */
async function browser(...names) {
  const databases = new Map(names.map((name) => [name, new Memory()]))
  for (const memory of databases.values()) {
    await memory.write(STORES.map((store) => ({ store, key: 1, value: store })))
  }
  return {
    databases: async () => names.map((name) => ({ name })),
    open: async (name) => databases.get(name),
    async left(name) {
      const kept = await Promise.all(STORES.map(async (store) => (await databases.get(name).all(store)).length && store))
      return kept.filter(Boolean)
    },
  }
}

test('of every door only what was not sent yet is left', async () => {
  const found = await browser('yingbin.door.1', 'yingbin.door.2')

  await clearGuestLists(found)

  assert.deepEqual(await found.left('yingbin.door.1'), ['queue', 'refused'])
  assert.deepEqual(await found.left('yingbin.door.2'), ['queue', 'refused'])
})

test('what belongs to no door is left alone', async () => {
  const found = await browser('another')

  await clearGuestLists(found)

  assert.deepEqual(await found.left('another'), STORES)
})
