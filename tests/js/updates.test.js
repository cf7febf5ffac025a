import assert from 'node:assert/strict'
import { afterEach, beforeEach, mock, test } from 'node:test'

import { Updates } from '../../static/js/door/updates.js'

beforeEach(() => mock.timers.enable({ apis: ['setInterval'] }))
afterEach(() => mock.timers.reset())

/** A page with its browser's service workers. */
function page({ isControlled = true, registers = true } = {}) {
  const seen = { reloads: 0, posts: [], updates: 0, unregistered: 0, isIdle: true, now: 0 }
  const registration = {
    waiting: null,
    update: async () => (seen.updates += 1),
    unregister: async () => (seen.unregistered += 1),
  }
  const container = Object.assign(new EventTarget(), {
    controller: isControlled ? { postMessage: (message) => seen.posts.push(message) } : null,
    register: async (...given) => {
      seen.registered = given
      if (!registers) throw new Error('SecurityError')
      return registration
    },
  })
  const reload = () => (seen.reloads += 1)
  const onWaiting = () => (seen.told = true)
  const updates = new Updates({ container, reload, onWaiting, isIdle: () => seen.isIdle, now: () => seen.now })
  const waits = () => (registration.waiting = { postMessage: (message) => seen.posts.push(message) })
  const tell = (data) => container.dispatchEvent(Object.assign(new Event('message'), { data }))
  return { updates, container, seen, waits, tell }
}

test('the worker is registered for all that lies below the door', async () => {
  const { updates, seen } = page()

  assert.equal(await updates.start('/door/worker.js', '/door'), true)
  assert.deepEqual(seen.registered, ['/door/worker.js', { scope: '/door', updateViaCache: 'none' }])
})

test('a browser without workers, or that refuses one, scans all the same', async () => {
  const { updates } = page({ registers: false })

  assert.equal(await updates.start('/door/worker.js', '/door'), false)
  assert.equal(await new Updates({ container: undefined, isIdle: () => true }).start('', ''), false)
})

test('a new version waits until the door is idle, and then takes over', async () => {
  const { updates, seen, waits } = page()
  await updates.start('', '')
  waits()
  Object.assign(seen, { isIdle: false, now: 60_000 })
  mock.timers.tick(5_000)
  assert.deepEqual([seen.posts, seen.told], [[], true])

  seen.isIdle = true
  mock.timers.tick(5_000)

  assert.deepEqual([seen.posts, seen.reloads], [[{ type: 'take over' }], 0])
})

test('the page reloads itself once the new version is in charge', async () => {
  const { updates, container, seen } = page()
  await updates.start('', '')

  container.dispatchEvent(new Event('controllerchange'))

  assert.equal(seen.reloads, 1)
})

test('the first worker of all takes charge without a reload', async () => {
  const { updates, container, seen } = page({ isControlled: false })
  await updates.start('', '')

  container.dispatchEvent(new Event('controllerchange'))

  assert.equal(seen.reloads, 0)
})

test('a page that the server has changed is loaded again when the door is idle', async () => {
  const { updates, seen, tell } = page()
  await updates.start('', '')
  seen.now = 60_000
  tell({ type: 'something else' })
  assert.equal(updates.look(), false)

  tell({ type: 'page' })

  assert.deepEqual([updates.look(), seen.reloads], [true, 1])
})

test('a page that has only just come is not loaded again at once', async () => {
  const { updates, seen, tell } = page()
  await updates.start('', '')
  tell({ type: 'page' })

  seen.now = 9_999

  assert.equal(updates.look(), false)
})

test('every ten minutes the server is asked for a newer version', async () => {
  const { updates, seen } = page()
  await updates.start('', '')

  mock.timers.tick(1_200_000)

  assert.equal(seen.updates, 2)
})

test('a device that was revoked keeps nothing of the door', async () => {
  const { updates, seen } = page()
  await updates.start('', '')

  await updates.forget()

  assert.deepEqual([seen.posts, seen.unregistered], [[{ type: 'forget' }], 1])
})
