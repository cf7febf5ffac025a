/**
 * What the server has not answered yet: scans, undos and walk-ins in the order in which they happened. Each is on the disk
 * before anything is shown, and leaves only with an answer; what the server would not take is set aside, never dropped.
 * An entry is `{id, kind, body, …}`; checkpoint.js adds them, sync.js sends them.
 */

export class Queue {
  #storage
  #entries = new Map()
  #refused = new Map()
  #last = 0

  /** Opens the queue with what an earlier page left; `legacy` is how version 1 kept scans (see `takeOver`). */
  static async open(storage, { legacy } = {}) {
    const queue = new Queue()
    queue.#storage = storage
    for (const entry of await storage.all('queue')) queue.#keep(entry)
    await queue.#tryAgain(await storage.all('refused'))
    if (legacy) await queue.#takeOver(legacy)
    return queue
  }

  /** Unanswered entries, the oldest first. */
  get waiting() {
    return [...this.#entries.values()]
  }

  get size() {
    return this.#entries.size
  }

  /** What the server would not take, each with its `problem`. */
  get refused() {
    return [...this.#refused.values()]
  }

  /** When the oldest entry was made by the device's clock, or null. */
  get oldestAt() {
    const [first] = this.#entries.values()
    return first?.madeAt ?? null
  }

  has(id) {
    return this.#entries.has(id)
  }

  /** Keeps an entry, and makes `changes` with it; resolves when the disk has both. The same id changes nothing. */
  async add(entry, changes = []) {
    if (this.#entries.has(entry.id)) return
    const kept = this.#keep({ ...entry, seq: this.#last + 1 })
    await this.#storage.write([this.#put(kept), ...changes], { isStrict: true })
  }

  /** Changes an entry that still waits. */
  async change(id, changes) {
    const entry = this.#entries.get(id)
    if (!entry) return
    Object.assign(entry, changes)
    await this.#storage.write([this.#put(entry)], { isStrict: true })
  }

  /** These were answered; `changes` are made with it. */
  async remove(ids, changes = []) {
    const drops = ids.filter((id) => this.#entries.has(id)).map((id) => this.#drop(id))
    await this.#storage.write([...drops, ...changes])
  }

  /** The server will not take it: out of the queue, into the store that a lead is shown; `changes` are made with it. */
  async setAside(id, problem, changes = []) {
    const entry = this.#entries.get(id)
    if (!entry) return
    const aside = { ...entry, problem }
    this.#refused.set(id, aside)
    const kept = { store: 'refused', key: id, value: aside }
    await this.#storage.write([this.#drop(id), kept, ...changes], { isStrict: true })
  }

  #keep(entry) {
    this.#entries.set(entry.id, entry)
    this.#last = Math.max(this.#last, entry.seq)
    return entry
  }

  #put(entry) {
    return { store: 'queue', key: keyOf(entry), value: entry }
  }

  #drop(id) {
    const key = keyOf(this.#entries.get(id))
    this.#entries.delete(id)
    return { store: 'queue', key, drop: true }
  }

  /** A new page asks once more: the gate may exist by now, or the program be a newer one. */
  async #tryAgain(aside) {
    const entries = aside.map(({ problem: _, ...entry }) => this.#keep({ ...entry, seq: this.#last + 1 }))
    const drops = entries.map(({ id }) => ({ store: 'refused', key: id, drop: true }))
    await this.#storage.write([...entries.map((entry) => this.#put(entry)), ...drops], { isStrict: true })
  }

  /** Scans that an older page kept as text under `name` in `shelf` (localStorage); they leave it once the disk has them. */
  async #takeOver({ shelf, name }) {
    for (const scan of scansIn(shelf, name)) await this.add({ id: scan.id, kind: 'scan', body: scan, madeAt: scan.scanned_at })
    if (this.#storage.isDurable) forget(shelf, name)
  }
}

/** In the order of `seq`, which every page counts by itself: two pages may come to the same number. */
function keyOf({ seq, id }) {
  return `${String(seq).padStart(12, '0')} ${id}`
}

function scansIn(shelf, name) {
  try {
    const kept = JSON.parse(shelf.getItem(name) ?? '[]')
    return Array.isArray(kept) ? kept.filter((scan) => typeof scan?.id === 'string') : []
  } catch {
    return []
  }
}

function forget(shelf, name) {
  try {
    shelf.removeItem(name)
  } catch {
    // A browser that keeps nothing has nothing to forget.
  }
}
