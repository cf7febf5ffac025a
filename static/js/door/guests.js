/** Who is on this device's list, as the screen shows people: found by what is typed, by id, as companions. */

import { plain, seek } from './seek.js'

export class Guests {
  #manifest
  #roster
  #bench

  constructor({ manifest, roster, bench }) {
    this.#manifest = manifest
    this.#roster = roster
    this.#bench = bench
  }

  /** The nearest guests for a query, `most` at the most; null where the device has no list. */
  seek(query, most) {
    return this.#manifest.isHere ? seek(this.#roster, query, most).map((guest) => this.#bench.listed(guest)) : null
  }

  guest(id) {
    const guest = this.#roster.guest(id)
    return guest && this.#bench.listed(guest)
  }

  /** The companions of a leader. */
  members(leaderId) {
    return this.#roster.members(leaderId).map((guest) => this.#bench.listed(guest))
  }

  /** `{key, name}` each, in the page's language. */
  get categories() {
    return this.#manifest.categories.map(({ key, name }) => ({ key, name: this.#bench.say(name) }))
  }

  /** Somebody who came without an invitation is on the list at once, found by name as it was typed. */
  add(guest, ticket) {
    if (!this.#manifest.isHere) return
    const keys = [guest.name, guest.organisation].filter(Boolean).map((text) => plain(text).replaceAll(' ', ''))
    this.#roster.add({ ...guest, ticket }, `\n${keys.join('\n')}\n`)
  }
}
