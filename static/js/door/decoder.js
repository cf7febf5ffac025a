/** Reads codes out of camera frames, off the main thread so that the page never stutters. decoding.js does the work. */

import { codeWithin } from './scanner.js'

export class Decoder {
  #worker = new Worker(new URL('./decoding.js', import.meta.url), { type: 'module' })
  #resolve = () => {}

  /** `onBroken()` is called when the decoder cannot be loaded. */
  constructor({ onBroken }) {
    this.#worker.addEventListener('message', ({ data }) => {
      if (data.isBroken) onBroken()
      this.#resolve(data.texts)
    })
    this.#worker.addEventListener('error', () => {
      onBroken()
      this.#resolve([])
    })
  }

  /** The text of the code in an ImageData, or null. One image at a time; the image's memory is given away. */
  async read({ data, width, height }) {
    const texts = await new Promise((resolve) => {
      this.#resolve = resolve
      this.#worker.postMessage({ pixels: data.buffer, width, height }, [data.buffer])
    })
    return preferred(texts)
  }
}

/** Of several codes in view (a poster, a sponsor's link) the ticket; else the first that holds anything; else null. */
export function preferred(texts) {
  for (const text of texts) {
    const code = codeWithin(text)
    if (code) return code
  }
  return texts.find((text) => text.trim()) ?? null
}
