/**
 * Brings scans to the server and answers back, and never gives one up: a scan goes out at once by itself, and what is
 * not answered is sent again, always under its first id, so that a scan which did arrive is not counted twice.
 * door.js owns it; the queue that it empties survives a reload.
 */

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 15_000
const BATCH = 50
const PASSING = new Set([0, 401, 408, 425, 429])

export class Sync {
  #queue
  #post
  #onAnswer
  #onState
  #wait
  #inFlight = new Set()
  #failures = 0
  #timer = null
  #reachable = null
  #signedOut = false

  /** `post(scans)` answers as http.js does; `wait(callback, ms)` is a timer. */
  constructor({ queue, post, onAnswer, onState, wait = (callback, ms) => setTimeout(callback, ms) }) {
    this.#queue = queue
    this.#post = post
    this.#onAnswer = onAnswer
    this.#onState = onState
    this.#wait = wait
  }

  /** Whether the server takes scans (null: not known yet), how many wait, and whether somebody has to sign in. */
  get state() {
    return { reachable: this.#reachable, waiting: this.#queue.size, signedOut: this.#signedOut }
  }

  /** Something else heard from the server: it is there, as far as is known. */
  heard() {
    if (this.#reachable !== null) return
    this.#reachable = true
    this.#onState(this.state)
  }

  /** Sends a new scan now, without waiting for those that are still under way. */
  async send(scan) {
    this.#queue.add(scan)
    await this.#deliver([scan])
  }

  /** Sends everything that waits; called after a reload and when the network seems to be back. */
  async resume() {
    this.#timer = null
    const due = this.#queue.waiting.filter((scan) => !this.#inFlight.has(scan.id)).slice(0, BATCH)
    if (due.length) await this.#deliver(due)
  }

  async #deliver(scans) {
    for (const { id } of scans) this.#inFlight.add(id)
    const answer = await this.#post(scans)
    for (const { id } of scans) this.#inFlight.delete(id)
    if (answer.ok) this.#settle(answer.data.results)
    else if (isPassing(answer.status)) this.#postpone(answer)
    else await this.#refused(scans, answer)
    this.#onState(this.state)
  }

  #settle(results) {
    this.#reachable = true
    this.#signedOut = false
    this.#failures = 0
    for (const result of results) {
      this.#queue.remove(result.id)
      this.#onAnswer(result.id, result)
    }
    if (this.#queue.size > this.#inFlight.size) this.#later(results.length ? 0 : FIRST_PAUSE_MS)
  }

  #postpone({ status, retryAfterMs }) {
    this.#reachable = status === 401
    this.#signedOut = status === 401
    const pause = Math.min(FIRST_PAUSE_MS * 2 ** this.#failures, LONGEST_PAUSE_MS)
    this.#failures += 1
    this.#later(Math.max(pause, retryAfterMs))
  }

  /** The server will not take it: alone, each scan learns whether it was the one. */
  async #refused(scans, answer) {
    this.#reachable = true
    if (scans.length > 1) {
      for (const scan of scans) await this.#deliver([scan])
      return
    }
    const reason = answer.problem?.detail ?? answer.problem?.title ?? ''
    this.#queue.remove(scans[0].id)
    this.#onAnswer(scans[0].id, { id: scans[0].id, verdict: 'not_recorded', admits: false, needs: 'lead', reason })
  }

  #later(ms) {
    if (this.#timer !== null) return
    this.#timer = this.#wait(() => this.resume(), ms)
  }
}

function isPassing(status) {
  return PASSING.has(status) || status >= 500
}
