/**
 * What the server tells by itself: the guest list and what changed in it, the live counter, whether a gate was edited, how
 * this device is placed. station.js owns it. Each piece of news is also a sign that the server is there.
 */

import { Board } from './board.js'
import { Report } from './report.js'

const REFRESH_MS = 15_000

export class News {
  #door
  #ask
  #parts
  #on
  #report
  #isStopped = false

  /**
   * `parts`: the station's storage, manifest, roster, journal, queue, conflicts, duty, clock and sync. `on` hears `count`,
   * `gates` and `moved` as the station's does, `stewardGone()`, and `change()` when the list was fetched.
   */
  constructor({ door, ask, parts, on }) {
    this.#door = door
    this.#ask = ask
    this.#parts = parts
    this.#on = on
    const report = { ask, url: door.urls.device, told: () => this.#told(), onAnswer: (...given) => this.#reported(...given) }
    this.#report = door.device ? new Report({ ...report, credential: () => parts.duty.credential }) : null
  }

  /** Whether the browser has dropped the guest list that was here. */
  get isLost() {
    return !this.#parts.manifest.isHere && localStorage.getItem(this.#mark) !== null
  }

  /** The search keys come first: a list that changed before they are here would be kept without them. */
  async start() {
    setInterval(() => this.refresh(), REFRESH_MS)
    await this.#parts.manifest.loadKeys().catch(() => {})
    if (this.#isStopped) return
    this.#report?.start()
    const onBack = () => this.refresh()
    new Board(this.#door.urls, { ask: this.#ask, onCount: (count) => this.#counted(count), onBack }).start()
    await this.refresh()
  }

  /** The device was revoked. */
  stop() {
    this.#isStopped = true
    this.#report?.stop()
    localStorage.removeItem(this.#mark)
  }

  /** Tells the server at once how the device is: the queue is empty, say. */
  report() {
    if (!this.#isStopped) this.#report?.send()
  }

  /** Fetches what changed. */
  async refresh() {
    // Without a secure context no ticket can be looked up in the list, so there is no use in it.
    if (this.#isStopped || !crypto.subtle) return
    const { manifest, sync } = this.#parts
    const before = manifest.gatesVersion
    const answer = await manifest.refresh()
    sync.heard(answer)
    if (answer.ok) await this.#refreshed(answer, before)
    this.#on.change()
  }

  async #refreshed({ askedAt }, gatesBefore) {
    const { manifest, storage, journal, conflicts, clock } = this.#parts
    localStorage.setItem(this.#mark, '')
    const skew = { store: 'meta', key: 'clock', value: { skewMs: clock.skewMs } }
    await storage.write([...journal.prune(askedAt), skew])
    if (gatesBefore !== manifest.gatesVersion) this.#on.gates(manifest.gates)
    if (conflicts.all.length) await this.#lookAtConflicts(conflicts)
  }

  async #lookAtConflicts(conflicts) {
    const answer = await this.#ask(this.#door.urls.conflicts)
    if (answer.ok) await conflicts.settle(answer.data.conflicts)
  }

  #told() {
    const { queue, manifest, roster, clock } = this.#parts
    const { dataAt } = manifest
    return {
      sent_at: clock.device(),
      waiting: queue.size,
      oldest_waiting_at: queue.oldestAt,
      data_at: dataAt === null ? null : new Date(dataAt + (clock.skewMs ?? 0)).toISOString(),
      skew_ms: clock.skewMs,
      held: roster.size,
      app: this.#door.version,
      profile_seen: this.#door.device.profile,
    }
  }

  /** `credential`: whose it was that the server judged; somebody else may have signed on since. */
  #reported({ device, gates_version: version, steward_valid: isValid }, credential) {
    this.#heard(version)
    this.#on.moved(device)
    if (isValid === false && credential === this.#parts.duty.credential) this.#on.stewardGone()
  }

  #counted(count) {
    this.#heard(count.gates_version)
    this.#on.count(count)
  }

  #heard(version) {
    const { sync, manifest } = this.#parts
    sync.heard({ ok: true, status: 200 })
    if (version && manifest.isHere && version !== manifest.gatesVersion) this.#catchUp(version)
  }

  async #catchUp(version) {
    const { manifest } = this.#parts
    const { isRefreshing: isUnderWay } = manifest
    await this.refresh()
    if (isUnderWay && version !== manifest.gatesVersion) await this.refresh()
  }

  /** Set while there is a guest list; the browser keeps it apart from the list itself. */
  get #mark() {
    return `yingbin.door.${this.#door.event.id}.held`
  }
}
