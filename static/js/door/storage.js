/**
 * Where the device keeps what must outlive the page: a few stores in IndexedDB, one database an event. A write of scans
 * is strict, that is, on the disk before it resolves. Where the browser opens none, everything goes on in memory.
 * Opened by station.js.
 */

import { openDB } from '../../vendor/idb/index.js'
import { Memory } from './memory.js'

/** queue: unsent. refused: what the server would not take. journal: what this device did. The rest is the manifest. */
export const STORES = ['queue', 'refused', 'journal', 'conflicts', 'meta', 'guests', 'keys', 'tickets']

const VERSION = 1
const FEWEST_BYTES = 50e6

/** The storage of an event. `onBroken()` is called once if it turns out not to be durable. */
export async function openStorage(name, { onBroken }) {
  try {
    const database = await openDB(name, VERSION, {
      upgrade(created) {
        for (const store of STORES) if (!created.objectStoreNames.contains(store)) created.createObjectStore(store)
      },
      blocking: (_current, _blocked, event) => event.target.close(),
    })
    return new Storage(database, onBroken)
  } catch {
    onBroken()
    return new Memory()
  }
}

/** Asks the browser to keep what is stored; answers `{isKept, isLow}`. */
export async function askToKeep({ storage } = navigator) {
  if (!storage?.estimate) return { isKept: false, isLow: false }
  try {
    const isKept = (await storage.persisted?.()) || (await storage.persist?.()) || false
    const { quota = 0, usage = 0 } = await storage.estimate()
    return { isKept, isLow: quota - usage < FEWEST_BYTES }
  } catch {
    return { isKept: false, isLow: false }
  }
}

class Storage {
  #database
  #onBroken
  #isDurable = true

  constructor(database, onBroken) {
    this.#database = database
    this.#onBroken = onBroken
  }

  get isDurable() {
    return this.#isDurable
  }

  /** The values of a store in the order of their keys. */
  async all(store) {
    return this.#database.getAll(store)
  }

  async get(store, key) {
    return this.#database.get(store, key)
  }

  /**
   * As `Memory.write`; `isStrict`: resolves only when the disk has it. A write that fails is told by `onBroken` and not
   * thrown: who wrote goes on with what it holds in memory, and the next write is tried again.
   */
  async write(changes, { isStrict = false } = {}) {
    if (!changes.length) return
    try {
      await this.#transact(changes, isStrict ? 'strict' : 'relaxed')
    } catch {
      this.#isDurable = false
      this.#onBroken()
    }
  }

  async #transact(changes, durability) {
    const names = [...new Set(changes.map((change) => change.store))]
    const transaction = this.#database.transaction(names, 'readwrite', { durability })
    for (const { store, key, value, drop, clear } of changes) {
      const kept = transaction.objectStore(store)
      if (clear) kept.clear()
      else if (drop) kept.delete(key)
      else kept.put(value, key)
    }
    await transaction.done
  }
}
