/** The live counter: asks once, then listens to the event's stream, and listens again when it breaks off. */

const AGAIN_MS = 5_000

export class Board {
  #urls
  #ask
  #onCount
  #onBack
  #isBroken = false

  /**
   * `ask(url)` answers as http.js does; `onCount({inside, expected, admitted, gates_version})` is called whenever it
   * changes, `onBack()` when the stream is there again after it broke off.
   */
  constructor(urls, { ask, onCount, onBack = () => {} }) {
    this.#urls = urls
    this.#ask = ask
    this.#onCount = onCount
    this.#onBack = onBack
  }

  async start() {
    const answer = await this.#ask(this.#urls.summary)
    if (answer.ok) this.#onCount(answer.data)
    this.#listen()
  }

  #listen() {
    const stream = new EventSource(this.#urls.stream)
    const take = ({ data }) => this.#onCount(JSON.parse(data))
    stream.addEventListener('board', take)
    stream.addEventListener('message', take)
    stream.addEventListener('open', () => this.#opened())
    stream.addEventListener('error', () => {
      this.#isBroken = true
      // A browser gives up for good after an answer that is no stream, such as 502 from a proxy.
      if (stream.readyState === EventSource.CLOSED) setTimeout(() => this.start(), AGAIN_MS)
    })
  }

  #opened() {
    if (this.#isBroken) this.#onBack()
    this.#isBroken = false
  }
}
