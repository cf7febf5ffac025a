/**
 * What a steward has to be told about the device itself: lines of warning above the idle door, and the two states in
 * which the page may not scan at all, which cover everything.
 *
 *     const notices = new Notices(document, { words, onTakeOver() })
 *     notices.warn('warn_clock', { minutes: 7 }); notices.clear('warn_clock')
 *         // warn_storage · warn_memory · warn_lost · warn_clock {minutes} · warn_old {hours} · warn_nobody · warn_update
 *     notices.block('second_tab')                    // a button takes the scanner over: onTakeOver()
 *     notices.block('device_revoked', { count: waiting })   // how many scans still wait
 *     notices.unblock()
 *
 * The page parts are `warnings`, `blocked`, `blocked-word`, `blocked-do`, `blocked-waiting`, `take-over`, `station` and `lock`.
 */

import { build, icon, parts } from './dom.js'
import { fill } from './format.js'

export class Notices {
  #part
  #words
  #lines = new Map()

  constructor(root, { words, onTakeOver }) {
    this.#part = parts(root)
    this.#words = words
    this.#part('take-over').addEventListener('click', () => onTakeOver())
  }

  /** Adds a line, or changes the one of that name. */
  warn(name, values = {}) {
    const text = fill(this.#words[name], values)
    if (this.#lines.get(name) === text) return
    this.#lines.set(name, text)
    this.#draw()
  }

  clear(name) {
    if (this.#lines.delete(name)) this.#draw()
  }

  block(name, { count = 0 } = {}) {
    const blocked = this.#part('blocked')
    const wasShown = !blocked.hidden
    blocked.dataset.state = name
    this.#part('blocked-word').textContent = this.#words[`${name}.word`]
    this.#part('blocked-do').textContent = this.#words[`${name}.do`]
    this.#part('take-over').hidden = name !== 'second_tab'
    this.#part('blocked-waiting').hidden = name !== 'device_revoked'
    this.#part('blocked-waiting').textContent = count
      ? fill(this.#words.device_revoked_waiting, { count })
      : this.#words.device_revoked_nothing
    blocked.hidden = false
    this.#part('station').inert = true
    if (!wasShown) blocked.focus({ preventScroll: true })
  }

  /** What is locked stays so. */
  unblock() {
    this.#part('blocked').hidden = true
    this.#part('station').inert = !this.#part('lock').hidden
  }

  #draw() {
    const rows = [...this.#lines.values()].map((text) => build('p', {}, [icon('alert'), build('span', {}, [text])]))
    this.#part('warnings').replaceChildren(...rows)
    this.#part('warnings').hidden = rows.length === 0
  }
}
