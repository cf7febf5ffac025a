/**
 * The sync chip: whether the server answers, how many scans wait, how old the guest list is, and whether records
 * disagree. It says the least that a steward has to know, and ages by itself.
 *
 *     new SyncChip(document, { words }).show({
 *       reachable: true | false | null,   // null: not known yet
 *       offline: false,                   // the device decides by itself, because answers fail or come late
 *       waiting: 0,                       // scans not uploaded
 *       dataAt: ms since 1970 or null,    // when the guest list was last fetched
 *       conflicts: 0, signedOut: false,
 *     })
 *
 * `View.connection(state)` hands it on. The page parts are `connection` and `connection-word`.
 */

import { parts } from './dom.js'
import { fill } from './format.js'

const MINUTE_MS = 60_000
const FRESH_MS = 2 * MINUTE_MS
const AGAIN_MS = 20_000

/** The chip as `{name, text}`: `name` is `online`, `connecting`, `offline` or `signed_out`. */
export function chipOf(state, words, now) {
  const { waiting = 0, dataAt = null, conflicts = 0 } = state
  const name = nameOf(state)
  const isWaiting = waiting > 0 && (name !== 'online' || waiting > 3)
  const said = [
    words[name],
    isWaiting && fill(words.waiting, { count: waiting }),
    ageOf(dataAt, words, now),
    conflicts > 0 && fill(words.conflicts, { count: conflicts }),
  ]
  return { name, text: said.filter(Boolean).join(' · ') }
}

function nameOf({ reachable, offline, signedOut }) {
  if (signedOut) return 'signed_out'
  if (offline || reachable === false) return 'offline'
  return reachable ? 'online' : 'connecting'
}

/** How old the guest list is, once that is worth saying. */
export function ageOf(dataAt, words, now) {
  const age = dataAt === null ? 0 : now - dataAt
  if (age < FRESH_MS) return ''
  const minutes = Math.floor(age / MINUTE_MS)
  if (minutes < 60) return fill(words.data_minutes, { count: minutes })
  return fill(words.data_hours, { count: Math.floor(minutes / 60) })
}

export class SyncChip {
  #part
  #words
  #state = { reachable: null }

  constructor(root, { words }) {
    this.#part = parts(root)
    this.#words = words
    setInterval(() => this.#draw(), AGAIN_MS)
  }

  show(state) {
    this.#state = state
    this.#draw()
  }

  #draw() {
    const { name, text } = chipOf(this.#state, this.#words, Date.now())
    this.#part('connection').dataset.state = name
    const word = this.#part('connection-word')
    if (word.textContent !== text) word.textContent = text
  }
}
