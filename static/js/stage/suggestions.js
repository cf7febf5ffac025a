/** Offers guests while somebody types a name: the field's own list of choices is filled anew after each pause. */

const PAUSE_MS = 200

export class Suggestions {
  #field
  #timer = 0
  #asked = new AbortController()

  /** `field`: an input with a list, and with the address to ask in `data-suggest`. */
  constructor(field) {
    this.#field = field
  }

  start() {
    this.#field.addEventListener('input', (event) => event.isComposing || this.#later())
    this.#field.addEventListener('compositionend', () => this.#later())
    this.#later()
  }

  #later() {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MS)
  }

  async #ask() {
    const typed = this.#field.value.trim()
    if (!typed || this.#isChosen(typed)) return
    this.#asked.abort()
    this.#asked = new AbortController()
    const found = await guestsAt(`${this.#field.dataset.suggest}?${new URLSearchParams({ q: typed })}`, this.#asked.signal)
    if (found) this.#field.list.replaceChildren(...found.map(({ label }) => new Option('', label)))
  }

  #isChosen(typed) {
    return [...this.#field.list.options].some((option) => option.value === typed)
  }
}

/** The guests that an address offers; undefined where no answer came or a newer question took its place. */
async function guestsAt(address, signal) {
  try {
    const response = await fetch(address, { signal, headers: { accept: 'application/json' } })
    return response.ok ? (await response.json()).guests : undefined
  } catch {
    return undefined
  }
}
