/** How far a live page may be trusted: pure, asked once a second by page.js. */

const STALE_MS = 8_000
const SILENT_MS = 12_000

/** Knows when something was heard last, on any clock that only goes forward. */
export class Freshness {
  #heardAt
  #triedAt = 0
  #isConnected = false
  #isSignedOut = false

  /** `now`: the page was drawn by the server at this moment. */
  constructor(now) {
    this.#heardAt = now
  }

  heard(now) {
    this.#heardAt = now
    this.#isConnected = true
    this.#isSignedOut = false
  }

  lost() {
    this.#isConnected = false
  }

  /** A new connection is being made. */
  trying(now) {
    this.#isConnected = false
    this.#triedAt = now
  }

  signedOut() {
    this.#isSignedOut = true
  }

  /** `live`, `stale` (connected, and yet nothing came), `lost`, or `signed_out`. */
  state(now) {
    if (this.#isSignedOut) return 'signed_out'
    if (!this.#isConnected) return 'lost'
    return this.age(now) > STALE_MS ? 'stale' : 'live'
  }

  /** Milliseconds since the last news. */
  age(now) {
    return Math.max(0, now - this.#heardAt)
  }

  /** Whether the connection is silent for so long that a new one is worth trying: a cut cable says nothing. */
  isSilent(now) {
    return !this.#isSignedOut && now - Math.max(this.#heardAt, this.#triedAt) > SILENT_MS
  }
}

/** What the page says: `words` has a sentence for each state, and one for each unit of time. */
export function said(state, ageMs, words) {
  const seconds = Math.floor(ageMs / 1000)
  const [unit, count] =
    seconds < 60 ? ['seconds', seconds] : seconds < 3600 ? ['minutes', seconds / 60] : ['hours', seconds / 3600]
  const age = words[unit].replace('{count}', Math.floor(count))
  return words[state].replace('{count}', seconds).replace('{age}', age)
}
