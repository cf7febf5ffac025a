/**
 * Who is on duty at a paired device: a steward signs on with six digits, the name stands at the foot of the page, and
 * the next one takes over. Without an answer nobody can sign on, but the door goes on working.
 *
 *     const signOn = new SignOn(document, {
 *       words,                        // the door's strings
 *       request, url,                 // http.js, and urls.sign_on
 *       onSignedOn({steward, credential, pin}),   // store them, then resolve; `pin` is for the hash that unlocks the station offline
 *       onSignedOff(),                // forget them
 *     })
 *     signOn.duty(steward or null)    // draws who is on duty: at the start from the storage, and after a change
 *     signOn.show()                   // asks for a PIN; `isOpen`, `close()`
 *
 * The page parts are `sign-on` (the panel), `duty`, `duty-name`, `duty-lead`, `sign-on-open` and `sign-off`.
 */

import { parts } from './dom.js'
import { fill } from './format.js'
import { Panel } from './panel.js'
import { PinPad } from './pinpad.js'
import { twoTaps } from './taps.js'

export class SignOn {
  #part
  #words
  #request
  #url
  #onSignedOn
  #panel
  #pad

  constructor(root, { words, request, url, onSignedOn, onSignedOff }) {
    this.#part = parts(root)
    this.#words = words
    this.#request = request
    this.#url = url
    this.#onSignedOn = onSignedOn
    this.#panel = new Panel(root, 'sign-on')
    this.#pad = new PinPad(this.#part('sign-on-pad'), { words, onPin: (pin) => this.#ask(pin) })
    this.#part('sign-on-open').addEventListener('click', () => this.show())
    twoTaps(this.#part('sign-off'), words.sign_off_confirm, onSignedOff)
  }

  get isOpen() {
    return this.#panel.isOpen
  }

  show() {
    this.#pad.clear()
    this.#panel.open()
  }

  close() {
    this.#panel.close()
  }

  /** Draws `{name, lead}`, or that nobody is signed on. */
  duty(steward) {
    this.#part('duty-name').textContent = steward?.name ?? this.#words.duty_nobody
    this.#part('duty').dataset.signedOn = String(Boolean(steward))
    this.#part('duty-lead').hidden = !steward?.lead
    this.#part('sign-on-open').hidden = Boolean(steward)
    this.#part('sign-off').hidden = !steward
  }

  async #ask(pin) {
    const answer = await this.#request(this.#url, { method: 'POST', body: { pin } })
    if (!answer.ok) return this.#refuse(refusalOf(answer, this.#words))
    await this.#onSignedOn({ ...answer.data, pin })
    this.duty(answer.data.steward)
    this.close()
  }

  #refuse(text) {
    this.#pad.clear(text)
    this.#pad.focus()
  }
}

/** What to say to a PIN that was not taken: `answer` is what http.js gave. */
export function refusalOf({ status, retryAfterMs }, words) {
  if (status === 0) return words.pin_offline
  if (status === 429) return fill(words.pin_wait, { seconds: Math.max(1, Math.ceil(retryAfterMs / 1000)) })
  return words.pin_wrong
}
