/**
 * The station lock: a station that is left alone is misused, so a steward locks it, or it locks itself after some idle
 * minutes, and the PIN that signed on opens it again, with or without a network. Nothing of the door shows meanwhile.
 *
 *     const lock = new StationLock(document, {
 *       words,
 *       verify(pin) → Promise<boolean>,   // the stored hash; it may also sign another steward on
 *       onLock(), onUnlock(),             // remember it: a reload must not open the station
 *       onMinutes(minutes),               // remember the setting
 *       minutes: 0,                       // lock by itself after so many idle minutes; 0: never
 *       isLocked: false,                  // as it was before the reload
 *     })
 *     lock.available(true)                // only while somebody is signed on: else no PIN would open it
 *     lock.lock(); lock.isLocked          // while locked the controller takes no scans
 *     lock.used()                         // somebody scanned: the idle time begins anew (taps and keys it sees itself)
 *
 * The page parts are `lock`, `lock-pad`, `lock-now`, `lock-after`, `station` and `blocked`.
 */

import { parts } from './dom.js'
import { fill } from './format.js'
import { PinPad } from './pinpad.js'

const MINUTE_MS = 60_000

/** How long whoever guesses has to wait: three tries are free, then the pause doubles up to a minute. */
export class Attempts {
  #wrong = 0
  #until = 0

  wrong(now) {
    this.#wrong += 1
    if (this.#wrong >= 3) this.#until = now + Math.min(5_000 * 2 ** (this.#wrong - 3), MINUTE_MS)
  }

  right() {
    this.#wrong = 0
    this.#until = 0
  }

  waitMs(now) {
    return Math.max(0, this.#until - now)
  }
}

export class StationLock {
  #part
  #words
  #verify
  #onLock
  #onUnlock
  #pad
  #attempts = new Attempts()
  #minutes
  #isAvailable = false
  #timer = 0

  constructor(root, { words, verify, onLock, onUnlock, onMinutes, minutes = 0, isLocked = false }) {
    this.#part = parts(root)
    this.#words = words
    this.#verify = verify
    this.#onLock = onLock
    this.#onUnlock = onUnlock
    this.#minutes = minutes
    this.#pad = new PinPad(this.#part('lock-pad'), { words, onPin: (pin) => this.#try(pin) })
    this.#part('lock-now').addEventListener('click', () => this.lock())
    this.#wireMinutes(onMinutes)
    for (const gesture of ['pointerdown', 'keydown']) {
      root.addEventListener(gesture, () => this.used(), { capture: true })
    }
    if (isLocked) this.#close()
  }

  get isLocked() {
    return !this.#part('lock').hidden
  }

  available(isAvailable) {
    this.#isAvailable = isAvailable
    this.#part('lock-now').hidden = !isAvailable
    this.used()
  }

  lock() {
    if (this.isLocked || !this.#isAvailable) return
    this.#close()
    this.#onLock()
  }

  used() {
    clearTimeout(this.#timer)
    if (!this.#minutes || !this.#isAvailable || this.isLocked) return
    this.#timer = setTimeout(() => this.lock(), this.#minutes * MINUTE_MS)
  }

  #wireMinutes(onMinutes) {
    const choice = this.#part('lock-after')
    choice.value = String(this.#minutes)
    choice.addEventListener('change', () => {
      this.#minutes = Number(choice.value)
      choice.blur()
      onMinutes(this.#minutes)
      this.used()
    })
  }

  #close() {
    clearTimeout(this.#timer)
    this.#part('lock').hidden = false
    this.#part('station').inert = true
    this.#pad.clear()
    this.#pad.focus()
  }

  async #try(pin) {
    const isRight = await this.#verify(pin)
    if (isRight) return this.#open()
    const now = performance.now()
    this.#attempts.wrong(now)
    this.#refuse(this.#attempts.waitMs(now))
  }

  #refuse(waitMs) {
    if (!waitMs) return this.#tryAgain(this.#words.pin_wrong)
    this.#pad.clear(fill(this.#words.pin_wait, { seconds: Math.ceil(waitMs / 1000) }))
    this.#pad.rest(true)
    setTimeout(() => this.#tryAgain(''), waitMs)
  }

  #tryAgain(text) {
    this.#pad.clear(text)
    this.#pad.focus()
  }

  #open() {
    this.#attempts.right()
    this.#pad.clear()
    this.#part('lock').hidden = true
    this.#part('station').inert = !this.#part('blocked').hidden
    this.#onUnlock()
    this.used()
  }
}
