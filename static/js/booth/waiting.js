/**
 * Codes that a booth scanned and the server has not answered yet. They outlive the page; a name never stands among them.
 * booth.js keeps a visit here before it is sent, and drops it when it is answered.
 */

const KEY = 'yingbin.booth.waiting'

export class Waiting {
  #name
  #storage
  #visits

  /** `storage` is the browser's localStorage, or anything with its `getItem` and `setItem`. `booth` keeps booths apart. */
  constructor(booth, storage) {
    this.#name = `${KEY}.${booth}`
    this.#storage = storage
    this.#visits = read(storage, this.#name)
  }

  /** The visits that wait, the oldest first: `{id, code, at}`, `at` in milliseconds by this device's clock. */
  get all() {
    return [...this.#visits]
  }

  get count() {
    return this.#visits.length
  }

  get oldestAt() {
    return this.#visits[0]?.at ?? null
  }

  keep(visit) {
    this.#visits = [...this.#visits.filter(({ id }) => id !== visit.id), visit]
    this.#write()
  }

  drop(id) {
    this.#visits = this.#visits.filter((visit) => visit.id !== id)
    this.#write()
  }

  /** Where the browser keeps nothing, what waits is at least in memory. */
  #write() {
    try {
      this.#storage.setItem(this.#name, JSON.stringify(this.#visits))
    } catch {
      // A private window: they wait for as long as the page is open.
    }
  }
}

function read(storage, name) {
  try {
    const kept = JSON.parse(storage.getItem(name) ?? '[]')
    return Array.isArray(kept) ? kept : []
  } catch {
    return []
  }
}
