/**
 * Keeps a hurried finger from doing two things: an act is sent once, and a button that has only just appeared under the
 * finger takes no press yet. Without this the server decides by the version that the form names.
 */

const SETTLES_MS = 700

/** Knows since when each form has been in sight. */
export class Presses {
  #now
  #since = new WeakMap()
  #sent = new WeakSet()

  constructor(now) {
    this.#now = now
  }

  appeared(form) {
    this.#since.set(form, this.#now())
  }

  /** Whether a press counts; it counts once. */
  takes(form) {
    const since = this.#since.get(form) ?? this.#now()
    if (this.#sent.has(form) || this.#now() - since < SETTLES_MS) return false
    this.#sent.add(form)
    return true
  }

  /** The page is seen again, as after the browser's way back: what was sent then may be sent anew. */
  returned() {
    this.#sent = new WeakSet()
  }
}
