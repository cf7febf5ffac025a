/**
 * One lane of the door as a pure model: what was read, what was answered, what the screen shows now, and what happens
 * next by itself. It knows neither DOM nor network nor clock: every call is given the moment in milliseconds.
 * door.js feeds it; view.js draws what `screen` says. DOOR rules that live here: green is never shown before a verdict,
 * refusals are never lost behind the next scan, and the same code read again at once is silent.
 */

const CLEARS_ITSELF = new Set(['admitted', 'reentered', 'exited', 'valid_unsynced'])
const HONOUR = 'admitted_vip'
const KEPT = 200

const TIMES = {
  silenceMs: 10_000, // the same code again within this time is no new scan
  unbrokenMs: 1_500, // a code seen by the camera at least this often never left its view
  greenMs: 1_500, // green goes on by itself
  honourMs: 3_000, // a guest of honour stays on the screen at least this long when the next code is read
  patienceMs: 1_000, // without an answer for this long, say so
  settleMs: 400, // a tap that was meant for what stood there before
}

export class Lane {
  #times
  #items = new Map()
  #heard = new Map()
  #shown = null
  #queue = []

  constructor(times = {}) {
    this.#times = { ...TIMES, ...times }
  }

  /**
   * Takes a read code or a chosen guest: `{id, key, label, source, scan}`. Two items with one key are the same ticket.
   * Returns whether it is new, that is, whether it has to be kept and sent. It is shown once it is `kept`.
   */
  read(item, now) {
    const heard = this.#heard.get(item.key)
    if (heard && this.#isSilent(heard, item, now)) return false
    const kept = { ...item, guest: null, readAt: now, result: null, undone: false }
    this.#items.set(kept.id, kept)
    this.#heard.set(kept.key, { until: now + this.#times.silenceMs, seenAt: now, unbroken: true, item: kept })
    this.#prune(now)
    return true
  }

  /** The scan is on the disk: shows it in grey, with the guest's name where the device knows it. */
  kept(id, guest, now) {
    const item = this.#items.get(id)
    item.guest = guest
    if (this.#isHonouring(now)) this.#queue.push(item)
    else this.#show(item, now)
  }

  /**
   * Takes back a scan that an earlier page left behind, with the `result` that was shown for it, if any; it is listed,
   * and shown when a refusal comes; a green that comes now would let in whoever stands here.
   */
  restore(item, now) {
    this.#items.set(item.id, { guest: null, result: null, ...item, readAt: now, undone: false, isRestored: true })
  }

  /** Takes the verdict on a scan, the server's or the device's own. A second one changes nothing. */
  answer(id, result, now) {
    const item = this.#items.get(id)
    if (!item || item.result) return
    item.result = result
    if (this.#shown?.item === item) this.#shown.since = now
    else if (this.#mustBeSeen(item)) this.#queue.push(item)
    this.#advance(now)
  }

  /**
   * Takes the server's answer to a scan that the device decided by itself. What was shown stands; that somebody was let in
   * whom the server would have refused is shown as soon as the lane is idle.
   */
  late(id, result, now) {
    const item = this.#items.get(id)
    if (!item?.result) return
    const [shown, { guest, conflict }] = [item.result, result]
    item.result = { ...shown, guest: shown.guest ?? guest, conflict: Boolean(conflict) }
    if (!isGreen(item) || result.admits || result.verdict === 'exited') return
    this.#queue.push({ ...item, id: `${id} late`, result: { ...result, guest: guest ?? shown.guest } })
    this.#advance(now)
  }

  /** Whether nothing is shown and nothing waits to be. */
  get isIdle() {
    return !this.#shown && this.#queue.length === 0
  }

  /** A tap or a key: closes what has been shown long enough to be seen. Returns whether it did. */
  dismiss(now) {
    if (!this.#shown || now - this.#shown.since < this.#times.settleMs) return false
    if (this.screen(now).name === 'reading') return false
    this.#close(now)
    return true
  }

  /** A button of the verdict leads elsewhere: closes it at once, however short it has been shown. */
  putAside(now) {
    if (this.#shown?.item.result) this.#close(now)
  }

  /** Lets time pass: green goes on by itself, a guest of honour makes room for the next. */
  tick(now) {
    const due = this.#dueAt()
    if (due !== null && now >= due && this.#shown.item.result) this.#close(now)
  }

  /** The scan was taken back: the same ticket may be scanned again at once. */
  undo(id, now) {
    const item = this.#items.get(id)
    if (!item) return
    item.undone = true
    this.#heard.delete(item.key)
    if (this.#shown?.item === item) this.#close(now)
  }

  /** What to draw: `{name, item, silent}`; name is `idle`, `reading`, `no_answer` or a verdict. */
  screen(now) {
    if (!this.#shown) return { name: 'idle', item: null, silent: true }
    const { item, silent } = this.#shown
    return { name: item.result?.verdict ?? this.#waitingName(item, now), item, silent }
  }

  /** The moment at which the screen may change by itself, or null. */
  nextChange() {
    return this.#dueAt()
  }

  item(id) {
    return this.#items.get(id) ?? null
  }

  /** The last three scans, the newest first. */
  recent() {
    return [...this.#items.values()].slice(-3).reverse()
  }

  #isSilent(heard, item, now) {
    const unbroken = item.source === 'camera' && heard.unbroken && now - heard.seenAt < this.#times.unbrokenMs
    if (item.source === 'camera') Object.assign(heard, { seenAt: now, unbroken })
    if (unbroken) heard.until = now + this.#times.silenceMs
    if (now >= heard.until) return false
    if (item.source !== 'camera' && !this.#shown && !isGreen(heard.item)) this.#show(heard.item, now, true)
    return true
  }

  #isHonouring(now) {
    return this.#shown?.item.result?.verdict === HONOUR && now - this.#shown.since < this.#times.honourMs
  }

  #mustBeSeen(item) {
    if (this.#queue.includes(item) || (item.isRestored && isGreen(item))) return false
    return !this.#shown || !CLEARS_ITSELF.has(item.result.verdict)
  }

  #waitingName(item, now) {
    return now - item.readAt >= this.#times.patienceMs ? 'no_answer' : 'reading'
  }

  #dueAt() {
    if (!this.#shown) return null
    const { item, since } = this.#shown
    if (!item.result) return item.readAt + this.#times.patienceMs
    if (CLEARS_ITSELF.has(item.result.verdict)) return since + this.#times.greenMs
    return item.result.verdict === HONOUR && this.#queue.length ? since + this.#times.honourMs : null
  }

  #show(item, now, silent = false) {
    this.#shown = { item, since: now, silent }
    this.#queue = this.#queue.filter((waiting) => waiting !== item)
  }

  #close(now) {
    this.#shown = null
    this.#advance(now)
  }

  #advance(now) {
    if (!this.#shown && this.#queue.length) this.#show(this.#queue[0], now)
  }

  #prune(now) {
    for (const [key, heard] of this.#heard) if (now >= heard.until) this.#heard.delete(key)
    for (const [id, item] of this.#items) {
      if (this.#items.size <= KEPT) return
      if (item.result) this.#items.delete(id)
    }
  }
}

/** Whether the scan let somebody through; showing it again could let a second person through. */
function isGreen(item) {
  return Boolean(item.result?.admits) || item.result?.verdict === 'exited'
}
