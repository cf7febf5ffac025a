/** A stream of the server's events that is opened again for as long as it takes. */

const FIRST_WAIT_MS = 500
const LONGEST_WAIT_MS = 5_000

export class Stream {
  #url
  #open
  #later
  #handlers
  #source = null
  #timer = null
  #waitMs = FIRST_WAIT_MS

  /**
   * `handlers`: onNews(data), onLost() whenever the connection breaks, and `isWelcome()`, asked where the server
   * answered with something that is no stream; it resolves to false when there is no use in asking again.
   */
  constructor(url, handlers, { open = (address) => new EventSource(address), later = (then, ms) => setTimeout(then, ms) } = {}) {
    this.#url = url
    this.#handlers = handlers
    this.#open = open
    this.#later = later
  }

  start() {
    this.#source?.close()
    const source = (this.#source = this.#open(this.#url))
    source.addEventListener('board', ({ data }) => this.#heard(JSON.parse(data)))
    source.addEventListener('error', () => source === this.#source && this.#broke())
  }

  #heard(news) {
    this.#waitMs = FIRST_WAIT_MS
    this.#handlers.onNews(news)
  }

  /** A browser tries again by itself too, but after pauses of its own, and after 502 from a proxy never. */
  async #broke() {
    const wasRefused = this.#source.readyState === 2
    this.#source.close()
    this.#handlers.onLost()
    if (wasRefused && !(await this.#handlers.isWelcome())) return
    if (this.#timer !== null) return
    this.#timer = this.#later(() => {
      this.#timer = null
      this.start()
    }, this.#waitMs)
    this.#waitMs = Math.min(2 * this.#waitMs, LONGEST_WAIT_MS)
  }
}
