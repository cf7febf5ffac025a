/**
 * What the device takes offline: gates, categories, tickets and guests. Fetched whole once, by pages, and from then on
 * only what changed. A manifest that broke off half way is thrown away, and what the disk holds is always one whole
 * manifest: guests in chunks of a thousand, their search keys apart, because the door need not wait for those.
 * station.js owns it; it fills the roster.
 */

const TIMEOUT_MS = 30_000
const NOTHING = { cursor: '', at: null, event: null, gates: [], gates_version: '', categories: [], zones: {}, revoked: [], columns: [] }

export class Manifest {
  #storage
  #roster
  #ask
  #url
  #now
  #head = NOTHING
  #tickets = []
  #pool = null
  #revoked = new Map()
  #dataAt = null
  #refreshing = null
  #isForgotten = false

  /** `ask(url, options)` answers as http.js does; `now()` is the device's clock. */
  constructor({ storage, roster, ask, url, now = Date.now }) {
    this.#storage = storage
    this.#roster = roster
    this.#ask = ask
    this.#url = url
    this.#now = now
  }

  /** Whether there is one: else the device cannot judge by itself. */
  get isHere() {
    return this.#head.cursor !== ''
  }

  /** Whether it is being fetched, and may have been read before what has just changed. */
  get isRefreshing() {
    return this.#refreshing !== null
  }

  /** When it was last known to be complete, by the device's clock; null without one. */
  get dataAt() {
    return this.#dataAt
  }

  get gates() {
    return this.#head.gates
  }

  get gatesVersion() {
    return this.#head.gates_version
  }

  get categories() {
    return this.#head.categories
  }

  /** The five characters that every ticket of the event begins with. */
  get tag() {
    return this.#head.event?.tag ?? ''
  }

  /** How many were in a zone when the manifest was made. */
  inZone(zone) {
    return this.#head.zones[zone] ?? 0
  }

  /** Whether the ticket was minted for the event, issued or not. */
  isMinted(hash) {
    this.#pool ??= new Set(this.#tickets)
    return this.#pool.has(hash)
  }

  /** `{reason, guestId}` of a withdrawn ticket, or null. */
  revoked(hash) {
    return this.#revoked.get(hash) ?? null
  }

  /** Reads what the disk holds; the search keys follow by `loadKeys`. What cannot be read is dropped, and fetched anew. */
  async load() {
    try {
      await this.#load()
    } catch {
      await this.#drop()
    }
  }

  async #load() {
    const kept = await this.#storage.get('meta', 'manifest')
    if (!kept) return
    const [chunks, tickets] = await Promise.all([this.#storage.all('guests'), this.#storage.all('tickets')])
    this.#roster.reset(kept.head.columns)
    for (const chunk of chunks) this.#roster.append(JSON.parse(chunk))
    this.#tickets = tickets.flatMap((part) => JSON.parse(part))
    this.#take(kept.head, kept.dataAt)
  }

  /** Chunk by chunk, so that a scan meanwhile need not wait for all of them. */
  async loadKeys() {
    const keys = []
    for (let number = 0; number < this.#roster.chunks; number += 1) {
      keys.push(...JSON.parse((await this.#storage.get('keys', number)) ?? '[]'))
    }
    this.#roster.setKeys(keys)
  }

  /** Fetches what changed, or everything the first time. Answers as http.js does; two at once share one answer. */
  refresh() {
    this.#refreshing ??= this.#refresh().finally(() => (this.#refreshing = null))
    return this.#refreshing
  }

  /** Forgets everybody, on the disk too, and takes no list any more. */
  async forget() {
    this.#isForgotten = true
    await this.#drop()
  }

  async #drop() {
    this.#roster.reset()
    this.#tickets = []
    this.#take(NOTHING, null)
    await this.#storage.write(['guests', 'keys', 'tickets'].map((store) => ({ store, clear: true })))
    await this.#storage.write([{ store: 'meta', key: 'manifest', drop: true }], { isStrict: true })
  }

  async #refresh() {
    const askedAt = this.#now()
    const pages = await this.#fetch()
    if (!pages.at(-1).ok) return pages.at(-1)
    if (this.#isForgotten) return { ok: false, status: 401 }
    const first = pages[0].data
    const guests = pages.flatMap((page) => page.data.guests)
    if (!first.full && String(first.columns) !== String(this.#head.columns)) return this.#again()
    if (first.full) await this.#replace(first, guests, askedAt)
    else await this.#merge(first, guests, askedAt)
    return { ok: true, status: 200, askedAt, isFull: first.full }
  }

  /** The server tells more than it did when this manifest was made: everything is needed anew. */
  async #again() {
    this.#head = { ...this.#head, cursor: '' }
    return this.#refresh()
  }

  async #fetch() {
    const pages = []
    let after = ''
    do {
      const query = new URLSearchParams({ ...(this.#head.cursor && { since: this.#head.cursor }), ...(after && { after }) })
      pages.push(await this.#ask(`${this.#url}?${query}`, { timeoutMs: TIMEOUT_MS }))
      after = pages.at(-1).data?.next ?? ''
    } while (after)
    return pages
  }

  async #replace(head, guests, askedAt) {
    this.#roster.reset(head.columns)
    this.#roster.merge(head.columns, guests)
    this.#tickets = head.tickets
    this.#take(head, askedAt)
    const chunks = [...Array(this.#roster.chunks).keys()]
    const clears = ['guests', 'keys', 'tickets'].map((store) => ({ store, clear: true }))
    const tickets = { store: 'tickets', key: 0, value: JSON.stringify(head.tickets) }
    await this.#storage.write([...clears, tickets, ...this.#chunks('guests', chunks), ...this.#chunks('keys', chunks), this.#meta()])
  }

  async #merge(head, guests, askedAt) {
    const dirty = this.#roster.merge(head.columns, guests)
    const fresh = head.tickets.filter((hash) => !this.isMinted(hash))
    const part = { store: 'tickets', key: this.#tickets.length, value: JSON.stringify(fresh) }
    this.#tickets = this.#tickets.concat(fresh)
    this.#take(head, askedAt)
    await this.#storage.write([
      ...(fresh.length ? [part] : []),
      ...this.#chunks('guests', dirty.rows),
      ...this.#chunks('keys', dirty.keys),
      this.#meta(),
    ])
  }

  #take({ tickets: _tickets, guests: _guests, ...head }, dataAt) {
    this.#head = head
    this.#dataAt = dataAt
    this.#pool = null
    this.#revoked = new Map(head.revoked.map(([hash, reason, guestId]) => [hash, { reason, guestId }]))
  }

  #meta() {
    return { store: 'meta', key: 'manifest', value: { head: this.#head, dataAt: this.#dataAt } }
  }

  #chunks(store, numbers) {
    const part = store === 'keys' ? 'keys' : 'rows'
    return [...numbers].map((number) => ({ store, key: number, value: JSON.stringify(this.#roster.chunk(number)[part]) }))
  }
}
