/**
 * Brings what the queue holds to the server and answers back, and never gives anything up: a scan goes out at once by
 * itself, and what is not answered is sent again, always under its first id, so that a scan which did arrive is not counted
 * twice. Whether the server is there is told by its answers alone: while they fail or come late the device is offline and
 * decides by itself, and the first good answer, once nothing waits any more, ends that. checkpoint.js owns it.
 */

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 15_000
const PATIENCE_MS = 1_000
const PASSING = new Set([0, 401, 408, 425, 429])
const BATCHES = { walk_in: 50, scan: 50, undo: 1 }

export class Sync {
  #queue
  #send
  #probe
  #onAnswer
  #onRefused
  #onState
  #wait
  #now
  #random
  #asked = new Set()
  #isFlushing = false
  #failures = 0
  #timer = null
  #reachable = null
  #isOffline = false
  #signedOut = false

  /**
   * `send[kind](entries)` answers as http.js does, with `results` by id in its data; `probe()` asks the server anything.
   * `onAnswer(entry, result)` and `onRefused(entry, problem)` hear of what was sent by itself, not of what `ask` answers.
   */
  constructor({ queue, send, probe, onAnswer, onRefused, onState, wait = pause, now = () => performance.now(), random = Math.random }) {
    this.#queue = queue
    this.#send = send
    this.#probe = probe
    this.#onAnswer = onAnswer
    this.#onRefused = onRefused
    this.#onState = onState
    this.#wait = wait
    this.#now = now
    this.#random = random
  }

  /** Whether the server answers (null: not known yet), decides in time, how many wait, whether to sign in. */
  get state() {
    return {
      reachable: this.#reachable,
      offline: this.#isOffline,
      waiting: this.#queue.size,
      signedOut: this.#signedOut,
    }
  }

  get isOffline() {
    return this.#isOffline
  }

  get isBusy() {
    return this.#isFlushing || this.#asked.size > 0
  }

  /** Sends an entry now by itself: `{result}`, `{problem}` where the server will not take it, or `{}` without an answer. */
  async ask(entry) {
    this.#asked.add(entry.id)
    const answer = await this.#timed(entry.kind, [entry])
    this.#asked.delete(entry.id)
    if (!answer.ok && !isPassing(answer.status)) return { problem: problemOf(answer) }
    const result = resultsOf(answer).find(({ id }) => id === entry.id)
    if (!result) this.#later(answer.retryAfterMs)
    return { result }
  }

  /** An answer did not come in time: the next scans do not wait for one. */
  slow() {
    this.#isOffline = true
    this.#later()
    this.#tell()
  }

  /** Something else heard from the server, or tried to in vain. */
  heard(answer) {
    if (answer.ok && this.#reachable === null) this.#reachable = true
    if (answer.ok && this.#isOffline) this.flush()
    if (answer.status === 401) this.#signOut()
    else if (!answer.ok && isPassing(answer.status)) this.#lose()
    this.#tell()
  }

  /** Sends everything that waits, and looks whether the server is there when nothing does. */
  async flush() {
    if (this.#isFlushing) return
    this.#isFlushing = true
    clearTimeout(this.#timer)
    this.#timer = null
    const isGood = await this.#deliverAll()
    this.#isFlushing = false
    if (isGood && this.#isOffline) await this.#lookAgain()
    this.#tell()
  }

  /** As `flush`, a moment later, so that a party goes out together. */
  soon() {
    if (this.#timer === null && !this.#isFlushing) this.#timer = this.#wait(() => this.flush(), 0)
  }

  /** Whether all was answered that may go. What throws, here or in who listens, is tried again as if nobody had answered. */
  async #deliverAll() {
    try {
      let isGood = true
      for (let batch = this.#due(); batch.length && isGood; batch = this.#due()) isGood = await this.#deliver(batch)
      return isGood
    } catch {
      this.#later()
      return false
    }
  }

  /** What goes next: walk-ins before the scans of them, and an undo after its scan. */
  #due() {
    const free = this.#queue.waiting.filter((entry) => !this.#asked.has(entry.id) || entry.isDecided)
    const [first] = ['walk_in', 'scan', 'undo'].flatMap((kind) => free.filter((entry) => this.#mayGo(entry, kind)))
    if (!first) return []
    return free.filter((entry) => this.#mayGo(entry, first.kind)).slice(0, BATCHES[first.kind])
  }

  #mayGo(entry, kind) {
    const before = { undo: entry.scan, scan: entry.body.guest_id }[kind]
    return entry.kind === kind && !this.#queue.has(before)
  }

  async #deliver(entries) {
    const answer = await this.#timed(entries[0].kind, entries)
    if (answer.ok) return this.#settle(entries, resultsOf(answer))
    if (isPassing(answer.status)) {
      this.#later(answer.retryAfterMs)
      return false
    }
    return this.#refused(entries, answer)
  }

  async #settle(entries, results) {
    const byId = new Map(results.map((result) => [result.id, result]))
    for (const entry of entries.filter(({ id }) => byId.has(id))) await this.#onAnswer(entry, byId.get(entry.id))
    if (entries.every(({ id }) => byId.has(id))) return true
    this.#later()
    return false
  }

  /** The server will not take it: alone, each entry learns whether it was the one. */
  async #refused(entries, answer) {
    if (entries.length === 1) {
      await this.#onRefused(entries[0], problemOf(answer))
      return true
    }
    for (const entry of entries) if (!(await this.#deliver([entry]))) return false
    return true
  }

  /** The queue is empty: one good answer in time, and the server decides again. */
  async #lookAgain() {
    const begun = this.#now()
    const answer = await this.#probe()
    this.#note(answer, begun)
    if (this.#isOffline) this.#later(answer.retryAfterMs)
  }

  async #timed(kind, entries) {
    const begun = this.#now()
    const answer = await this.#send[kind](entries)
    this.#note(answer, begun)
    return answer
  }

  #note(answer, begun) {
    const isThere = answer.ok || !isPassing(answer.status)
    this.#reachable = isThere || answer.status === 401
    this.#signedOut = answer.status === 401
    if (!isThere) this.#isOffline = true
    else {
      this.#failures = 0
      this.#isOffline &&= !(this.#now() - begun < PATIENCE_MS && !this.#hasDecided())
    }
    this.#tell()
  }

  #hasDecided() {
    return this.#queue.waiting.some((entry) => entry.isDecided)
  }

  #signOut() {
    this.#reachable = true
    this.#signedOut = true
    this.#isOffline = true
  }

  #lose() {
    this.#reachable = false
    this.#isOffline = true
    this.#later()
  }

  #later(atLeastMs = 0) {
    if (this.#timer !== null) return
    const grown = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS)
    const jittered = grown * (0.75 + this.#random() * 0.5)
    this.#failures += 1
    this.#timer = this.#wait(() => this.flush(), Math.max(jittered, atLeastMs))
  }

  #tell() {
    this.#onState(this.state)
  }
}

function isPassing(status) {
  return PASSING.has(status) || status >= 500
}

function resultsOf({ data }) {
  return data?.results ?? []
}

function problemOf({ status, problem }) {
  return { status, code: problem?.code ?? '', message: problem?.detail ?? problem?.title ?? '' }
}

function pause(callback, ms) {
  return setTimeout(callback, ms)
}
