/**
 * The door without its face: everything that decides, keeps and sends, put together from what the page says. It knows no
 * DOM. The door page and the kiosk each open one; `checkpoint` takes the scans, `guests` finds people, `on` is told.
 */

import { digest, parse } from '../ticket.js'
import { Checkpoint } from './checkpoint.js'
import { Clock } from './clock.js'
import { Conflicts } from './conflicts.js'
import { Duty } from './duty.js'
import { Guests } from './guests.js'
import { request } from './http.js'
import { newId } from './ids.js'
import { Journal } from './journal.js'
import { Bench } from './judging.js'
import { Manifest } from './manifest.js'
import { News } from './news.js'
import { Queue } from './queue.js'
import { Roster } from './roster.js'
import { askToKeep, openStorage } from './storage.js'

const HASH_BYTES = 16

/**
 * `door` is the page's JSON. `on` hears `change()`, `state(state)` (as view.connection takes it), `count(count)`,
 * `gates(gates)`, `fetched()` when the guest list was, `moved(device)`, `refused(entry, problem)`, `revoked(waiting)` and
 * `stewardGone()`.
 */
export async function openStation(door, { lane, on, language }) {
  const station = new Station(door, { lane, on, language })
  await station.open()
  return station
}

class Station {
  #door
  #lane
  #on
  #language
  #storage
  #queue
  #journal
  #clock
  #roster = new Roster()
  #manifest
  #bench
  #news = null
  #facts = { memoryOnly: false, storageLow: false, revoked: false }
  #waited = 0
  #conflicts

  constructor(door, { lane, on, language }) {
    this.#door = door
    this.#lane = lane
    this.#on = on
    this.#language = language
  }

  /** Reads what the device holds; from then on it can scan. */
  async open() {
    const name = `yingbin.door.${this.#door.event.id}`
    this.#storage = await openStorage(name, { onBroken: () => this.#tell({ memoryOnly: true }) })
    this.#manifest = new Manifest({ storage: this.#storage, roster: this.#roster, ask: this.ask, url: this.#door.urls.manifest })
    const [clock, acts, conflicts, duty, queue] = await Promise.all([
      this.#storage.get('meta', 'clock'),
      this.#storage.all('journal'),
      Conflicts.open(this.#storage),
      Duty.open(this.#storage),
      Queue.open(this.#storage, { legacy: { shelf: localStorage, name } }),
      crypto.subtle && this.#manifest.load(),
    ])
    this.#clock = new Clock({ skewMs: clock?.skewMs ?? null })
    this.#journal = new Journal(acts)
    this.#conflicts = conflicts
    this.#queue = queue
    this.duty = duty
    const parts = { manifest: this.#manifest, roster: this.#roster, journal: this.#journal, language: this.#language }
    this.#bench = new Bench(parts)
    this.guests = new Guests({ ...parts, bench: this.#bench })
    this.checkpoint = this.#startCheckpoint()
    this.#news = this.#startNews()
    this.#tell()
  }

  /** Begins to talk with the server. */
  async start() {
    this.checkpoint.sync.flush()
    await this.#news.start()
    const { isLow } = await askToKeep()
    this.#tell({ storageLow: isLow })
  }

  /** As http.js, in the name of whoever is on duty; and what the answer tells about server and clock is noted. */
  ask = async (url, options = {}) => {
    const sentAt = Date.now()
    const answer = await request(url, { steward: this.duty?.credential, ...options })
    if (answer.data?.at) this.#clock.heard(answer.data.at, { sentAt, receivedAt: Date.now() })
    if (answer.problem?.code === 'device_revoked') await this.#revoked()
    return answer
  }

  /** A scan as it is sent; `subject` is `{code}` or `{guest_id}`. */
  scan(subject, { gate, direction, override, isRehearsal }) {
    const { credential } = this.duty
    return {
      id: newId(),
      ...subject,
      gate,
      direction,
      scanned_at: this.#clock.device(),
      mode: 'online',
      ...(override && { override }),
      ...(credential && { steward: credential }),
      ...(isRehearsal && { rehearsal: true }),
    }
  }

  /** A walk-in is on the list of this device at once, to be confirmed. */
  async walkIn(fields) {
    const { credential } = this.duty
    const body = { id: newId(), ...fields, at: this.#clock.device(), ...(credential && { steward: credential }) }
    const answer = await this.checkpoint.walkIn(body)
    if (answer.refused) return answer
    const guest = answer.guest ?? { ...body, status: 'pending', language: this.#language }
    this.guests.add(guest, await hashOf(fields.code))
    return { ...answer, guest }
  }

  get gates() {
    return this.#manifest.gates
  }

  /** The server's time as far as known, in milliseconds since 1970. */
  now() {
    return this.#clock.now()
  }

  get skewMs() {
    return this.#clock.skewMs
  }

  get data() {
    return { at: this.#manifest.dataAt, held: this.#roster.size }
  }

  /** Whether this is a moment to reload the page. */
  get isIdle() {
    return this.#lane.isIdle && !this.checkpoint.sync.isBusy
  }

  /** A setting of this device that outlives the page. */
  async setting(name) {
    return this.#storage.get('meta', name)
  }

  async remember(name, value) {
    await this.#storage.write([{ store: 'meta', key: name, value }])
  }

  /** Fetches what changed. */
  async refresh() {
    await this.#news.refresh()
  }

  #startNews() {
    const { sync } = this.checkpoint
    const kept = { storage: this.#storage, queue: this.#queue, journal: this.#journal, conflicts: this.#conflicts }
    const parts = { ...kept, manifest: this.#manifest, roster: this.#roster, duty: this.duty, clock: this.#clock, sync }
    const on = {
      ...this.#on,
      change: () => this.#listFetched(),
      stewardGone: () => this.duty.steward && this.#on.stewardGone(),
    }
    return new News({ door: this.#door, ask: this.ask, parts, on })
  }

  #startCheckpoint() {
    const { urls } = this.#door
    const post = (url, body) => this.ask(url, { method: 'POST', body: { sent_at: this.#clock.device(), ...body } })
    return new Checkpoint({
      queue: this.#queue,
      journal: this.#journal,
      lane: this.#lane,
      clock: this.#clock,
      judge: (scan) => this.#judge(scan),
      probe: () => this.ask(urls.summary),
      send: {
        scan: (entries) => post(urls.scans, { scans: entries.map(({ body }) => body) }),
        walk_in: (entries) => post(urls.walk_ins, { walk_ins: entries.map(({ body }) => body) }),
        undo: ([entry]) => this.#sendUndo(entry),
      },
      on: {
        change: () => this.#on.change(),
        state: () => this.#tell(),
        conflict: (entry, result) => this.#conflicting(entry, result),
        refused: (entry, problem) => this.#on.refused(entry, problem),
      },
    })
  }

  async #judge(scan) {
    const hash = scan.code ? await hashOf(scan.code) : null
    return this.#bench.judge(scan, { hash, at: this.#clock.now() })
  }

  #listFetched() {
    this.#on.fetched()
    this.#tell()
  }

  async #sendUndo({ scan, body, steward }) {
    const answer = await this.ask(this.#door.urls.undo.replace('{id}', scan), { method: 'POST', body, steward })
    return answer.ok ? { ...answer, data: { results: [{ id: body.id }] } } : answer
  }

  async #conflicting(entry, result) {
    await this.#conflicts.add(entry, result)
    this.#tell()
  }

  /** Everything about guests goes; what was scanned and not sent stays. */
  async #revoked() {
    if (this.#facts.revoked) return
    this.#facts.revoked = true
    this.#news.stop()
    await this.#manifest.forget()
    await this.duty.signOff()
    await this.#conflicts.forget()
    await this.#storage.write([{ store: 'journal', clear: true }])
    for (const { id, local } of this.#queue.waiting) {
      if (local?.guest) await this.#queue.change(id, { local: { ...local, guest: null } })
    }
    this.#on.revoked(this.#queue.size)
    this.#tell()
  }

  #tell(facts = {}) {
    Object.assign(this.#facts, facts)
    const sync = this.checkpoint?.sync.state ?? { reachable: null, offline: false, waiting: 0, signedOut: false }
    const counted = { conflicts: this.#conflicts?.all.length ?? 0, refused: this.#queue?.refused.length ?? 0 }
    const data = { dataAt: this.#manifest?.dataAt ?? null, lost: Boolean(this.#news?.isLost) }
    this.#on.state({ ...sync, ...counted, ...data, ...this.#facts })
    if (this.#waited && !sync.waiting) this.#news?.report()
    this.#waited = sync.waiting
  }
}

/** What the manifest holds of a ticket: 22 characters of the SHA-256 of its code; null where there is no code in the text. */
async function hashOf(text) {
  const code = text && parse(text)
  if (!code || !crypto.subtle) return null
  const bytes = (await digest(code.text)).match(/../g).slice(0, HASH_BYTES).map((pair) => Number.parseInt(pair, 16))
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
