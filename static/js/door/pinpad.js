/**
 * Six digits on large keys, or on a keyboard. A field of the kind that hides what is typed is also one in which no input
 * method composes, and `inputmode="none"` keeps a phone's own keyboard away. Used by signon.js, lock.js and the kiosk.
 */

import { build, icon } from './dom.js'

export const PIN_LENGTH = 6

/** What stands in the field after typing or pasting into it: digits only, six at most; full-width ones count. */
export function digitsOf(typed) {
  return typed.normalize('NFKC').replaceAll(/\D/g, '').slice(0, PIN_LENGTH)
}

export class PinPad {
  #field
  #said
  #keys
  #onPin

  /**
   * `root`: an empty element. `words`: the door's strings. `onPin(pin)` may answer a promise; until it settles the keys
   * rest. It is called as soon as the sixth digit stands there.
   */
  constructor(root, { words, onPin }) {
    this.#onPin = onPin
    this.#field = build('input', {
      type: 'password', class: 'pin', inputmode: 'none', autocomplete: 'off', maxlength: PIN_LENGTH, 'data-focus': '',
    })
    this.#said = build('p', { class: 'pin-said', role: 'alert' })
    this.#keys = build('div', { class: 'pin-keys' }, this.#drawn(words))
    const label = build('label', { class: 'pin-label' }, [build('span', {}, [words.pin]), this.#field])
    root.replaceChildren(label, this.#said, this.#keys)
    this.#field.addEventListener('input', () => this.#set(this.#field.value))
  }

  /** Empties the field and takes keys again; `text` says why, if there is a reason. */
  clear(text = '') {
    this.#field.value = ''
    this.#said.textContent = text
    this.rest(false)
  }

  /** While it rests, keys do nothing. */
  rest(isResting) {
    for (const key of this.#keys.children) key.disabled = isResting
    this.#field.readOnly = isResting
  }

  focus() {
    this.#field.focus({ preventScroll: true })
  }

  #drawn(words) {
    const digits = ['1', '2', '3', '4', '5', '6', '7', '8', '9']
    return [
      ...digits.map((digit) => this.#key(digit, digit, () => this.#set(this.#field.value + digit))),
      this.#key(words.pin_clear, '', () => this.#set(''), icon('clear')),
      this.#key('0', '0', () => this.#set(`${this.#field.value}0`)),
      this.#key(words.pin_back, '', () => this.#set(this.#field.value.slice(0, -1)), icon('back')),
    ]
  }

  #key(label, text, act, sign) {
    const key = build('button', { type: 'button', 'aria-label': label }, [sign ?? text])
    // Keeping the focus in the field lets fingers and keyboard take turns.
    key.addEventListener('pointerdown', (event) => event.preventDefault())
    key.addEventListener('click', act)
    return key
  }

  async #set(typed) {
    const pin = digitsOf(typed)
    this.#field.value = pin
    if (pin) this.#said.textContent = ''
    if (pin.length < PIN_LENGTH) return
    this.rest(true)
    await this.#onPin(pin)
  }
}
