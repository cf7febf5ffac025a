/**
 * The rehearsal: scans that are judged among themselves and stay out of every report. To begin it is confirmed by a
 * second tap, a banner that cannot be overlooked stays while it lasts, and ending it is confirmed too.
 *
 *     const rehearsal = new Rehearsal(document, { words, onChange(isOn) })
 *     rehearsal.set(isOn)       // as it was before a reload; does not call onChange
 *     rehearsal.isOn            // what a scan carries as `rehearsal`
 *     rehearsal.offerEnd()      // the event has begun: the banner asks whether to end it
 *
 * The page parts are `rehearsal` (the banner), `rehearsal-word`, `rehearsal-end` and `rehearsal-begin`.
 */

import { parts } from './dom.js'
import { twoTaps } from './taps.js'

export class Rehearsal {
  #part
  #words
  #onChange
  #isOn = false

  constructor(root, { words, onChange }) {
    this.#part = parts(root)
    this.#words = words
    this.#onChange = onChange
    twoTaps(this.#part('rehearsal-begin'), words.rehearsal_begin_confirm, () => this.#change(true))
    twoTaps(this.#part('rehearsal-end'), words.rehearsal_end_confirm, () => this.#change(false))
  }

  get isOn() {
    return this.#isOn
  }

  set(isOn) {
    this.#isOn = isOn
    document.body.classList.toggle('is-rehearsing', isOn)
    this.#part('rehearsal').hidden = !isOn
    this.#part('rehearsal-begin').hidden = isOn
    this.#part('rehearsal-word').textContent = this.#words.rehearsal_on
  }

  offerEnd() {
    if (this.#isOn) this.#part('rehearsal-word').textContent = this.#words.rehearsal_begun
  }

  #change(isOn) {
    this.set(isOn)
    this.#onChange(isOn)
  }
}
