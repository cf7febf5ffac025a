/** What the tablet keeps of an event on the device: the lines, and where one stood. Never throws; owned by mc.js. */

const PREFIX = 'yingbin-mc:'
const LONGEST_MS = 48 * 3600_000

export class McMemory {
  #name
  #store
  #now

  constructor(event, { store = globalThis.localStorage, now = Date.now } = {}) {
    this.#name = PREFIX + event
    this.#store = store
    this.#now = now
  }

  /** What was kept last, or nothing: names do not stay on a tablet for longer than two days. */
  read() {
    try {
      const { at, ...kept } = JSON.parse(this.#store.getItem(this.#name)) ?? {}
      return this.#now() - at < LONGEST_MS ? kept : {}
    } catch {
      return {}
    }
  }

  /** Answers whether it is kept. */
  write(value) {
    try {
      this.#store.setItem(this.#name, JSON.stringify({ ...value, at: this.#now() }))
      return true
    } catch {
      return false
    }
  }

  forget() {
    try {
      this.#store.removeItem(this.#name)
    } catch {
      // Where nothing can be stored, nothing is.
    }
  }
}

/** The newer of two readings of the lines, by the server's clock. */
export function newer(one, other) {
  return other && Date.parse(other.at) > Date.parse(one.at) ? other : one
}
