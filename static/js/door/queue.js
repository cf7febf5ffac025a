/**
 * Scans that the server has not answered yet, kept across a reload so that none is lost. sync.js empties it.
 * The storage is anything like `localStorage`; where it refuses (full, private window) the scans stay in memory.
 */

export class Queue {
  #storage
  #name
  #scans

  constructor(storage, name) {
    this.#storage = storage
    this.#name = name
    this.#scans = new Map(this.#load().map((scan) => [scan.id, scan]))
  }

  /** Unanswered scans, the oldest first. */
  get waiting() {
    return [...this.#scans.values()]
  }

  get size() {
    return this.#scans.size
  }

  /** Keeps a scan; the same id again changes nothing. */
  add(scan) {
    if (this.#scans.has(scan.id)) return
    this.#scans.set(scan.id, scan)
    this.#save()
  }

  remove(id) {
    if (this.#scans.delete(id)) this.#save()
  }

  #load() {
    try {
      const kept = JSON.parse(this.#storage.getItem(this.#name) ?? '[]')
      return Array.isArray(kept) ? kept.filter((scan) => typeof scan?.id === 'string') : []
    } catch {
      return []
    }
  }

  #save() {
    try {
      this.#storage.setItem(this.#name, JSON.stringify(this.waiting))
    } catch {
      // The scans are still in memory and are still being sent; only a reload would lose them.
    }
  }
}
