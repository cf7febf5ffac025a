/**
 * The service worker from the page's side: registers it, and lets a new version of the door in only while nobody is being
 * scanned and nothing is being sent. The page reloads itself once after that. station.js owns it; worker.js is the other side.
 */

const LOOK_EVERY_MS = 5_000
const ASK_EVERY_MS = 600_000
const SETTLED_MS = 10_000

export class Updates {
  #container
  #isIdle
  #onWaiting
  #reload
  #registration = null
  #isPageOld = false
  #begunAt
  #now

  /** `isIdle()`: whether a reload would disturb nobody. `onWaiting()`: a new version is ready. */
  constructor({
    container = globalThis.navigator?.serviceWorker,
    isIdle,
    onWaiting = () => {},
    reload = () => location.reload(),
    now = Date.now,
  }) {
    this.#container = container
    this.#isIdle = isIdle
    this.#onWaiting = onWaiting
    this.#reload = reload
    this.#now = now
    this.#begunAt = now()
  }

  /** Resolves to whether the page will load without the server from now on. */
  async start(url, scope) {
    if (!this.#container) return false
    const wasControlled = Boolean(this.#container.controller)
    this.#container.addEventListener('controllerchange', () => wasControlled && this.#reload())
    this.#container.addEventListener('message', ({ data }) => data.type === 'page' && (this.#isPageOld = true))
    try {
      this.#registration = await this.#container.register(url, { scope, updateViaCache: 'none' })
    } catch {
      return false
    }
    setInterval(() => this.look(), LOOK_EVERY_MS)
    setInterval(() => this.ask(), ASK_EVERY_MS)
    return true
  }

  /** Asks the server for a newer version. */
  ask() {
    return this.#registration?.update().catch(() => {})
  }

  /** Lets in what waits, if this is a moment for it. Answers whether something did. */
  look() {
    const waiting = this.#registration?.waiting
    if (waiting) this.#onWaiting()
    if (!(waiting || this.#isPageOld) || !this.#isIdle() || this.#now() - this.#begunAt < SETTLED_MS) return false
    if (waiting) waiting.postMessage({ type: 'take over' })
    else this.#reload()
    return true
  }

  /** The device was revoked: what was kept of the door goes. */
  async forget() {
    this.#container?.controller?.postMessage({ type: 'forget' })
    await this.#registration?.unregister().catch(() => {})
  }
}
