/**
 * Scans of this device of which the server says something else: kept until a lead has looked at them, and counted on the
 * screen. station.js owns it.
 */

const STORE = 'conflicts'

export class Conflicts {
  #storage
  #kept = new Map()

  static async open(storage) {
    const conflicts = new Conflicts()
    conflicts.#storage = storage
    for (const conflict of await storage.all(STORE)) conflicts.#kept.set(conflict.id, conflict)
    return conflicts
  }

  /** `{id, guest, at, verdict, local_verdict}` each; `guest` as `{id, name}` or null. */
  get all() {
    return [...this.#kept.values()]
  }

  /** `entry` as it was queued, `result` as the server answered. */
  async add({ id, body, local }, result) {
    const guest = result.guest ?? local?.guest ?? null
    const who = guest && { id: guest.id, name: guest.name }
    const words = { verdict: result.verdict, local_verdict: body.local_verdict }
    this.#kept.set(id, { id, guest: who, at: body.scanned_at, ...words })
    await this.#storage.write([{ store: STORE, key: id, value: this.#kept.get(id) }])
  }

  /** The server's list: what a lead has settled there need not be told here any more. */
  async settle(listed) {
    const settled = listed.filter(({ scan, settled: isSettled }) => isSettled && this.#kept.delete(scan))
    await this.#storage.write(settled.map(({ scan }) => ({ store: STORE, key: scan, drop: true })))
  }

  async forget() {
    this.#kept.clear()
    await this.#storage.write([{ store: STORE, clear: true }])
  }
}
