/**
 * The tablet's link to the server: hears which version the lines are of, fetches them when it is another, and says since
 * when nothing was heard. Owned by mc.js.
 */

import { Freshness } from '../board/freshness.js'
import { Stream } from '../board/stream.js'

const EVERY_MS = 1_000

export class McLink {
  #urls
  #handlers
  #stream
  #freshness = new Freshness(performance.now())
  #isNew = true
  #isFetching = false
  #newest
  #heardAt

  /** `handlers`: version() of the lines at hand, onCues(cues), onState({state, since}). `readAt`: of these lines. */
  constructor(urls, readAt, handlers) {
    this.#urls = urls
    this.#handlers = handlers
    this.#heardAt = readAt
    this.#stream = new Stream(urls.stream, {
      onNews: ({ html: version }) => this.#hear(version ?? this.#newest),
      onLost: () => this.#lose(),
      isWelcome: () => this.#isWelcome(),
    })
  }

  start() {
    this.#stream.start()
    setInterval(() => this.#watch(), EVERY_MS)
    document.addEventListener('visibilitychange', () => document.hidden || this.#watch())
  }

  #hear(version) {
    this.#isNew = false
    this.#newest = version
    this.#heardAt = Date.now()
    this.#freshness.heard(performance.now())
    this.#tell()
    if (version !== this.#handlers.version()) this.#fetch()
  }

  #lose() {
    this.#isNew = false
    this.#freshness.lost()
    this.#tell()
  }

  #watch() {
    const now = performance.now()
    if (this.#freshness.isSilent(now)) {
      this.#freshness.trying(now)
      this.#stream.start()
    }
    this.#tell()
  }

  #tell() {
    const state = this.#freshness.state(performance.now())
    this.#handlers.onState({ state: this.#isNew && state === 'lost' ? 'connecting' : state, since: this.#heardAt })
  }

  /** The next heartbeat asks again where this fails. */
  async #fetch() {
    if (this.#isFetching) return
    this.#isFetching = true
    try {
      const answer = await fetch(this.#urls.cues, { headers: { Accept: 'application/json' } })
      if (answer.ok) this.#handlers.onCues(await answer.json())
    } catch {
      // The stream says that the server is away.
    } finally {
      this.#isFetching = false
    }
  }

  /** Whether this page would still be shown: to whoever is signed out the server shows another one. */
  async #isWelcome() {
    try {
      const answer = await fetch(this.#urls.page, { method: 'HEAD', redirect: 'manual' })
      if (answer.type !== 'opaqueredirect' && ![401, 403, 404].includes(answer.status)) return true
      this.#freshness.signedOut()
      this.#tell()
      return false
    } catch {
      return true
    }
  }
}
