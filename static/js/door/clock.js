/**
 * What the time is by the server, as far as the device can tell. Device clocks are wrong; whatever the server dates is a
 * sample, and the one that travelled fastest tells best. station.js owns it; moments are milliseconds since 1970.
 */

const KEPT = 8
const JUMP_MS = 2_000

export class Clock {
  #now
  #samples = []

  /** `skewMs`: what was known when the page was closed. `now()` is the device's clock. */
  constructor({ skewMs = null, now = Date.now } = {}) {
    this.#now = now
    if (skewMs !== null) this.#samples.push({ skewMs, tookMs: Infinity })
  }

  /** The server said `serverAt` in an answer to what was sent at `sentAt` and came back at `receivedAt`. */
  heard(serverAt, { sentAt, receivedAt }) {
    const sample = { skewMs: Date.parse(serverAt) - (sentAt + receivedAt) / 2, tookMs: receivedAt - sentAt }
    if (Number.isNaN(sample.skewMs) || sample.tookMs < 0) return
    const best = this.#best
    // Somebody set the device's clock: what was known is worth nothing any more.
    if (best && Math.abs(best.skewMs - sample.skewMs) > JUMP_MS + sample.tookMs / 2) this.#samples = []
    this.#samples = [...this.#samples, sample].slice(-KEPT)
  }

  /** How far the device is behind the server, or null while nobody told. */
  get skewMs() {
    return this.#best ? Math.round(this.#best.skewMs) : null
  }

  /** The server's time. */
  now() {
    return this.#now() + (this.skewMs ?? 0)
  }

  /** The device's own time. */
  deviceNow() {
    return this.#now()
  }

  /** The device's time as it is sent. */
  device() {
    return new Date(this.deviceNow()).toISOString()
  }

  get #best() {
    return this.#samples.reduce((best, sample) => (!best || sample.tookMs <= best.tookMs ? sample : best), null)
  }
}
