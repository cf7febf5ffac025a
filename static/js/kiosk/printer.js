/**
 * Prints a guest's badge from a frame that nobody sees. Chromium asks for a printer unless it was started with
 * `--kiosk-printing`. Used by kiosk.js.
 */

const WITHIN_MS = 15_000

export class Printer {
  #frame = null
  #address = ''

  /** Prints the PDF at `url`; resolves to whether it was sent to the printer. */
  async print(url) {
    const paper = await fetched(url)
    if (!paper) return false
    this.#clear()
    this.#address = URL.createObjectURL(paper)
    this.#frame = Object.assign(document.createElement('iframe'), { className: 'unseen', tabIndex: -1, title: '' })
    this.#frame.setAttribute('aria-hidden', 'true')
    const loaded = new Promise((resolve) => {
      this.#frame.addEventListener('load', () => resolve(true), { once: true })
      setTimeout(() => resolve(false), WITHIN_MS)
    })
    this.#frame.src = this.#address
    document.body.append(this.#frame)
    return (await loaded) && sent(this.#frame)
  }

  #clear() {
    this.#frame?.remove()
    if (this.#address) URL.revokeObjectURL(this.#address)
  }
}

/** The PDF, or null: a sentence that refuses it must not come out of the printer. */
async function fetched(url) {
  try {
    const response = await fetch(url, { credentials: 'same-origin', signal: AbortSignal.timeout(WITHIN_MS) })
    const isPaper = response.ok && response.headers.get('Content-Type')?.startsWith('application/pdf')
    return isPaper ? await response.blob() : null
  } catch {
    return null
  }
}

function sent(frame) {
  try {
    frame.contentWindow.focus()
    frame.contentWindow.print()
    return true
  } catch {
    return false
  }
}
