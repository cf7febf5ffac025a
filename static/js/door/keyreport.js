/**
 * What arrives when somebody types or a scanner scans into nothing: the keys by their place, the keys by their name, and
 * how fast. Under an input method the names are only "Process", which does no harm, since the door reads places. Used by
 * selftest.js.
 */

import { symbolAt } from './scanner.js'

const PAUSE_MS = 400
const SCANNER_GAP_MS = 35
const LONGEST = 60

export class KeyReport {
  #keys = []

  /** Takes a keydown. */
  press({ code, key, shiftKey, timeStamp, isComposing = false }) {
    const last = this.#keys.at(-1)
    if (last && timeStamp - last.at > PAUSE_MS) this.#keys = []
    const place = symbolAt(code, shiftKey)
    if (!place && key?.length !== 1 && key !== 'Process') return
    const isMethod = isComposing || key === 'Process'
    this.#keys.push({ place, name: isMethod ? '·' : key, isMethod, at: timeStamp })
    if (this.#keys.length > LONGEST) this.#keys.shift()
  }

  /** `{places, names, count, gapMs, isScanner, hasInputMethod}` of the keys since the last pause. */
  get said() {
    const count = this.#keys.length
    const gapMs = count > 1 ? (this.#keys.at(-1).at - this.#keys[0].at) / (count - 1) : null
    return {
      places: this.#keys.map((key) => key.place).join(''),
      names: this.#keys.map((key) => key.name).join(''),
      count,
      gapMs: gapMs === null ? null : Math.round(gapMs),
      isScanner: count >= 5 && gapMs <= SCANNER_GAP_MS,
      hasInputMethod: this.#keys.some((key) => key.isMethod),
    }
  }
}
