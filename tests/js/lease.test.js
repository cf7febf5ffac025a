import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Lease } from '../../static/js/door/lease.js'

/** Web Locks as far as one name goes: one holder, the others in a row, and `steal`. */
class Locks {
  #holder = null
  #row = []

  request(_name, { ifAvailable = false, steal = false }, callback) {
    return new Promise((resolve, reject) => {
      const claim = { callback, reject, resolve }
      if (steal) this.#holder?.reject(new DOMException('stolen', 'AbortError'))
      if (!this.#holder || steal) this.#give(claim)
      else if (ifAvailable) resolve(callback(null))
      else this.#row.push(claim)
    })
  }

  release() {
    this.#holder = null
    if (this.#row.length) this.#give(this.#row.shift())
  }

  #give(claim) {
    this.#holder = claim
    claim.callback({})
  }
}

const settled = () => new Promise(setImmediate)

function tab(locks) {
  const seen = { waits: 0, losses: 0, holds: 0 }
  const lease = new Lease('door', { locks })
  const onLost = () => (seen.losses += 1)
  const hold = () => lease.hold({ onLost, onWait: () => (seen.waits += 1) }).then(() => (seen.holds += 1))
  return { lease, seen, hold, onLost }
}

test('the only tab scans at once', async () => {
  const { hold, seen } = tab(new Locks())

  await hold()

  assert.deepEqual(seen, { waits: 0, losses: 0, holds: 1 })
})

test('a second tab waits and takes over when the first closes', async () => {
  const locks = new Locks()
  const [first, second] = [tab(locks), tab(locks)]
  await first.hold()
  second.hold()
  await settled()
  assert.deepEqual(second.seen, { waits: 1, losses: 0, holds: 0 })

  locks.release()
  await settled()

  assert.deepEqual([second.seen.holds, first.seen.losses], [1, 0])
})

test('a tab may take over, which the other one hears', async () => {
  const locks = new Locks()
  const [first, second] = [tab(locks), tab(locks)]
  await first.hold()

  await second.lease.takeOver({ onLost: second.onLost })
  await settled()

  assert.deepEqual([first.seen.losses, second.seen.losses], [1, 0])
})

test('where nothing can tell the tabs apart each of them scans', async () => {
  const { hold, seen } = tab(undefined)

  await hold()

  assert.deepEqual(seen, { waits: 0, losses: 0, holds: 1 })
})
