/**
 * Keeps a page current: the live board, and the desk's page of arrivals. The server sends the changing parts as they
 * should look; this puts them in place and says how old they are. All that it needs stands in the page (`#live`).
 */

import { Freshness, said } from './freshness.js'
import { replaceParts } from './parts.js'
import { Stream } from './stream.js'

const EVERY_MS = 1_000

class LivePage {
  #words
  #stream
  #freshness = new Freshness(performance.now())
  #shown = document.querySelector('.freshness')
  #root = document.querySelector('[data-live]')

  constructor({ stream, words }) {
    this.#words = words
    this.#stream = new Stream(stream, {
      onNews: (news) => this.#take(news),
      onLost: () => this.#tell(this.#freshness.lost()),
      isWelcome: () => this.#isWelcome(),
    })
  }

  start() {
    this.#stream.start()
    setInterval(() => this.#watch(), EVERY_MS)
    document.addEventListener('visibilitychange', () => document.hidden || this.#watch())
  }

  /** News without a drawing: all is as it was. */
  #take({ html }) {
    if (html) replaceParts(this.#root, html)
    this.#freshness.heard(performance.now())
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
    const now = performance.now()
    const state = this.#freshness.state(now)
    const sentence = said(state, this.#freshness.age(now), this.#words)
    this.#shown.querySelector('[data-freshness]').textContent = sentence
    this.#shown.querySelector('[data-sign-in]').hidden = state !== 'signed_out'
    if (this.#shown.dataset.state === state) return
    this.#shown.dataset.state = state
    document.querySelector('[data-announce]').textContent = sentence
  }

  /** Whether this page would still be shown: to whoever is signed out the server shows another one. */
  async #isWelcome() {
    try {
      const answer = await fetch(location.href, { method: 'HEAD', redirect: 'manual' })
      if (answer.type !== 'opaqueredirect' && ![401, 403, 404].includes(answer.status)) return true
      this.#freshness.signedOut()
      this.#tell()
      return false
    } catch {
      return true
    }
  }
}

/** A big screen has no keyboard nearby, so the button goes away once it has done its work. */
function offerFullScreen(button) {
  button.hidden = false
  button.addEventListener('click', () => document.documentElement.requestFullscreen())
  document.addEventListener('fullscreenchange', () => (button.hidden = Boolean(document.fullscreenElement)))
}

/** Keeps the screen awake while the page is seen; browsers drop the lock with every change of tab. */
async function keepAwake() {
  if (!document.hidden) await navigator.wakeLock?.request('screen').catch(() => null)
}

new LivePage(JSON.parse(document.getElementById('live').textContent)).start()
const fullScreen = document.querySelector('[data-full-screen]')
if (fullScreen) {
  document.addEventListener('visibilitychange', keepAwake)
  keepAwake()
  if (document.fullscreenEnabled) offerFullScreen(fullScreen)
}
