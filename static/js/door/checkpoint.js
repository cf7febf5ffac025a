/**
 * One scan from read to recorded. It is on the disk before anything is shown; the name comes from what the device knows;
 * the server has a second to answer, else the device decides, and says so when it uploads. Walk-ins and undos travel in the
 * same queue. station.js owns it; the lane is what the screen shows.
 */

import { newId } from './ids.js'
import { Sync } from './sync.js'

const PATIENCE_MS = 1_000
const UNDO_MS = 60_000

export class Checkpoint {
  #queue
  #journal
  #lane
  #clock
  #judge
  #say
  #wait
  #now
  #sync
  #onConflict
  #onRefused

  /**
   * `judge(scan)` resolves to what judging.js answers. `send`, `probe` and the timers are those of sync.js. `on` hears
   * `change()` when the lane changed, `state(sync)`, `conflict(entry, result)` and `refused(entry, problem)`.
   */
  constructor({ queue, journal, lane, clock, judge, send, probe, on, wait, now = () => performance.now() }) {
    this.#queue = queue
    this.#journal = journal
    this.#lane = lane
    this.#clock = clock
    this.#judge = judge
    this.#say = on.change
    this.#wait = wait ?? ((callback, ms) => setTimeout(callback, ms))
    this.#now = now
    this.#onConflict = on.conflict
    this.#onRefused = on.refused
    const heard = { onAnswer: (...told) => this.#uploaded(...told), onRefused: (...told) => this.#notTaken(...told) }
    this.#sync = new Sync({ queue, send, probe, ...heard, onState: on.state, now, ...(wait && { wait }) })
    for (const entry of queue.waiting.filter(({ kind }) => kind === 'scan')) this.#restore(entry)
  }

  get sync() {
    return this.#sync
  }

  /** Takes an item of the lane; resolves to whether it was new, once it is on the disk and shown. `onNew()`: at once. */
  async read(item, onNew = () => {}) {
    if (!this.#lane.read(item, this.#now())) {
      this.#say()
      return false
    }
    onNew()
    const judged = await this.#judge(item.scan)
    const entry = this.#entryOf(item, judged)
    await this.#queue.add(entry, judged ? this.#journal.note(this.#actOf(entry, judged)) : [])
    this.#lane.kept(item.id, judged?.result.guest ?? null, this.#now())
    if (entry.isDecided) this.#show(entry)
    else this.#ask(entry)
    this.#say()
    return true
  }

  /**
   * Takes a scan back: `{ok: true}`, or `{ok: false}` where it may not be. Without an answer it counts as taken back here.
   * `isLead`: at any time, else within a minute.
   */
  async undo(id, { reason, steward, isLead }) {
    const item = this.#lane.item(id)
    if (!isLead && this.#now() - item.readAt > UNDO_MS) return { ok: false }
    const body = { id: newId(), reason }
    const entry = { id: body.id, kind: 'undo', body, scan: id, steward, madeAt: this.#clock.device() }
    await this.#queue.add(entry, this.#journal.undo(id))
    const isAlone = this.#sync.isOffline || this.#queue.has(id)
    const { problem, result } = isAlone ? {} : await this.#sync.ask(entry)
    if (problem) {
      await this.#queue.remove([entry.id], this.#stands(id))
      return { ok: false }
    }
    if (result) await this.#queue.remove([entry.id], this.#journal.undone(id, this.#settled()))
    else this.#sync.soon()
    this.#lane.undo(id, this.#now())
    return { ok: true }
  }

  /** Takes a walk-in as the API does; resolves to the server's answer, or to `{status: 'pending'}` without one in time. */
  async walkIn(body) {
    const entry = { id: body.id, kind: 'walk_in', body, madeAt: body.at }
    await this.#queue.add(entry)
    if (this.#sync.isOffline) {
      this.#sync.soon()
      return { status: 'pending' }
    }
    const asked = this.#sync.ask(entry).then((answer) => this.#walkedIn(entry, answer))
    const patience = this.#pause(PATIENCE_MS).then(() => {
      entry.isTold = true
      return { status: 'pending' }
    })
    return Promise.race([asked, patience])
  }

  /** `by`: the steward's name, quoted when the same guest is scanned again. */
  #entryOf(item, judged) {
    const isDecided = Boolean(judged) && this.#mustDecide(item.scan)
    const local = judged?.result ?? null
    const mode = isDecided ? { mode: 'offline' } : {}
    const body = { ...item.scan, ...(local && { local_verdict: local.verdict }), ...mode }
    const { id, label, source, isCode, key, by } = item
    return { id, kind: 'scan', body, local, isDecided, madeAt: body.scanned_at, item: { label, source, isCode, key, by } }
  }

  #mustDecide(scan) {
    return this.#sync.isOffline || this.#queue.has(scan.guest_id)
  }

  #actOf({ id, body, local, item }, { subjects, presence, gate }) {
    const where = { gate: gate.name, zone: gate.zone, by: item.by ?? '' }
    const act = { id, subjects, isRehearsal: Boolean(body.rehearsal), direction: body.direction, before: presence }
    return { ...act, ...where, counts: counts(local), at: this.#clock.now() }
  }

  async #ask(entry) {
    const timer = this.#wait(() => this.#runOut(entry), PATIENCE_MS)
    const { result, problem } = await this.#sync.ask(entry)
    clearTimeout(timer)
    // Once decided, only the upload that tells of the decision may settle it.
    if (entry.isDecided) return
    if (problem) await this.#notTaken(entry, problem)
    else if (result) await this.#settle(entry, result)
    else if (entry.local) this.#decide(entry)
    this.#say()
  }

  #runOut(entry) {
    this.#sync.slow()
    if (entry.local) this.#decide(entry)
    this.#say()
  }

  #decide(entry) {
    if (entry.isDecided || !this.#queue.has(entry.id)) return
    entry.isDecided = true
    entry.body = { ...entry.body, mode: 'offline' }
    this.#queue.change(entry.id, { isDecided: true, body: entry.body })
    this.#show(entry)
  }

  #show(entry) {
    this.#lane.answer(entry.id, entry.local, this.#now())
    this.#sync.soon()
  }

  async #settle(entry, result) {
    const shown = { ...result, ...(entry.body.rehearsal && { rehearsal: true }) }
    this.#lane.answer(entry.id, shown, this.#now())
    this.#say()
    const changes = this.#journal.settle(entry.id, { counts: counts(result), ...this.#settled() })
    await this.#queue.remove([entry.id], changes)
  }

  async #uploaded(entry, result) {
    if (result.refused) return this.#notTaken(entry, { status: 422, ...result.refused })
    if (entry.kind === 'walk_in') return this.#queue.remove([entry.id])
    if (entry.kind === 'undo') return this.#queue.remove([entry.id], this.#journal.undone(entry.scan, this.#settled()))
    if (!entry.isDecided) return this.#settle(entry, result)
    this.#lane.late(entry.id, result, this.#now())
    if (result.conflict) this.#onConflict(entry, result)
    this.#say()
    await this.#queue.remove([entry.id], this.#journal.settle(entry.id, { counts: counts(entry.local), ...this.#settled() }))
  }

  /** `isTold`: the steward has heard "pending", so a refusal must not vanish. */
  async #walkedIn(entry, { result, problem }) {
    const refused = problem ?? result?.refused
    if (!result && !refused) return { status: 'pending' }
    if (refused && entry.isTold) await this.#notTaken(entry, { status: 422, ...refused })
    else await this.#queue.remove([entry.id])
    // A scan of this guest may have waited for it.
    this.#sync.soon()
    return refused ? { refused } : result
  }

  /** Kept aside, and told on the screen: nobody may believe that it is on record. */
  async #notTaken(entry, problem) {
    await this.#queue.setAside(entry.id, problem, entry.kind === 'undo' ? this.#stands(entry.scan) : [])
    const result = { id: entry.id, verdict: 'not_recorded', admits: false, needs: 'lead', reason: problem.message }
    if (entry.isDecided) this.#lane.late(entry.id, result, this.#now())
    else this.#lane.answer(entry.id, result, this.#now())
    this.#onRefused(entry, problem)
    this.#say()
  }

  /** Without a verdict shown nobody was let in by it, and whoever it was stands here no more: it is a late upload. */
  #restore(entry) {
    const { id, local, isDecided, item = {} } = entry
    if (!isDecided) this.#queue.change(id, { body: lateOf(entry.body) })
    const { body } = entry
    const result = isDecided ? local : null
    this.#lane.restore({ id, key: id, label: body.code ?? '', source: 'queue', ...item, scan: body, result }, this.#now())
  }

  /** The scan was not taken back, after all: the server, which has it, keeps it. */
  #stands(id) {
    return [...this.#journal.undo(id, { isUndone: false }), ...this.#journal.undone(id, this.#settled())]
  }

  #settled() {
    return { at: this.#clock.deviceNow() }
  }

  #pause(ms) {
    return new Promise((resolve) => this.#wait(resolve, ms))
  }
}

function lateOf({ local_verdict: _, ...body }) {
  return { ...body, mode: 'offline' }
}

/** Whether somebody went in or out by this answer. */
function counts({ verdict, admits }) {
  return Boolean(admits) || verdict === 'exited'
}
