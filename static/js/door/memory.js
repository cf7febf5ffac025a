/**
 * The stores of a device in memory alone: what storage.js falls back to where the browser keeps nothing (a private
 * window, a full disk), and what the tests use. Its methods are those of storage.js.
 */

export class Memory {
  #stores = new Map()

  get isDurable() {
    return false
  }

  /** The values of a store in the order of their keys. */
  async all(store) {
    const kept = this.#store(store)
    return [...kept.keys()].sort(inOrder).map((key) => structuredClone(kept.get(key)))
  }

  async get(store, key) {
    return structuredClone(this.#store(store).get(key))
  }

  /** Makes all of `changes` or none: `{store, key, value}`, `{store, key, drop: true}` or `{store, clear: true}`. */
  async write(changes) {
    for (const { store, key, value, drop, clear } of changes) {
      if (clear) this.#store(store).clear()
      else if (drop) this.#store(store).delete(key)
      else this.#store(store).set(key, structuredClone(value))
    }
  }

  #store(name) {
    if (!this.#stores.has(name)) this.#stores.set(name, new Map())
    return this.#stores.get(name)
  }
}

function inOrder(left, right) {
  return left < right ? -1 : Number(left > right)
}
