/**
 * Draws the door: the verdict over the whole screen (overlay.js), the gate, the last three scans, the counter, the
 * camera and the connection (chip.js). It decides nothing; door.js tells it what the lane says.
 */

import { SyncChip } from './chip.js'
import { build, icon, parts } from './dom.js'
import { fill, nameLines } from './format.js'
import { Overlay } from './overlay.js'
import { signOf, toneOf } from './screens.js'

export class View {
  #part
  #words
  #overlay
  #chip
  #isBound
  #membersOf
  #onParty

  /**
   * `isLead`: whoever is on duty may let somebody in against an amber verdict. `isBound`: the device has its gate, which
   * only a lead changes. `leaderOf(guest)` answers the leader of a companion or null, `membersOf(guest)` the companions
   * of a leader; both from what the device knows. `onParty(guest)`: a leader among the last scans was asked for the
   * companions. A result of the lane may also carry `offline` (decided here),
   * `conflict` and `rehearsal`; an item without a result may carry a `guest`, known from local data.
   */
  constructor(root, { words, zone, isLead, isBound = false, leaderOf = () => null, membersOf = () => [], onParty = null }) {
    this.#part = parts(root)
    this.#membersOf = membersOf
    this.#onParty = onParty
    this.#words = words
    this.#isBound = isBound
    this.#overlay = new Overlay(root, { words, zone, leaderOf, membersOf })
    this.#chip = new SyncChip(root, { words })
    this.lead(isLead)
  }

  /** Somebody else is on duty. */
  lead(isLead) {
    this.#overlay.isLead = isLead
    const isFixed = this.#isBound && !isLead
    this.#part('gate').hidden = isFixed
    this.#part('gate-name').hidden = !isFixed
  }

  /** Draws the gates to choose from, `{id, name}` each, and where this door stands. */
  gates(gates, chosen) {
    const options = gates.map(({ id, name }) => build('option', { value: id, ...(id === chosen && { selected: '' }) }, [name]))
    this.#part('gate').replaceChildren(...options)
    this.#part('gate-name').textContent = gates.find(({ id }) => id === chosen)?.name ?? ''
  }

  /** Draws a screen of the lane; `idle` takes the verdict away. */
  show({ name, item }) {
    if (name === 'idle') this.#overlay.hide()
    else this.#overlay.show(name, item)
  }

  /** As `Overlay.companions`. */
  companions({ name, item }) {
    if (name !== 'idle') this.#overlay.companions(name, item)
  }

  /** As `Overlay.instruct`. */
  instruct(key) {
    this.#overlay.instruct(key)
  }

  /** One line under the last scans; empty takes it away. */
  notice(text) {
    const line = this.#part('notice')
    line.textContent = text
    line.hidden = !text
    if (text) this.#overlay.say(text)
  }

  recent(items, undoOf) {
    const rows = items.map((item) => this.#recentRow(item, undoOf(item)))
    this.#part('recent').replaceChildren(...rows)
    this.#part('recent-none').hidden = rows.length > 0
  }

  count({ inside, expected }) {
    this.#part('inside').textContent = inside
    this.#part('expected').textContent = expected
    const share = expected ? Math.min(1, inside / expected) : 0
    this.#part('share').style.setProperty('--share', share)
  }

  /** As `SyncChip.show`. */
  connection(state) {
    this.#chip.show(state)
    this.#part('signed-out').hidden = !state.signedOut
  }

  /** What the camera does: `off` with a reason (a word key) or none, `starting`, or `on`. */
  camera(state, reason = '') {
    this.#part('camera').dataset.state = state
    this.#part('camera-hint').textContent = this.#words[reason || 'ready_hint']
    this.#part('camera-word').textContent = this.#words[state === 'starting' ? 'camera_starting' : 'ready']
    this.#part('camera-start').disabled = state === 'starting'
  }

  lenses(lenses) {
    const options = lenses.map(({ id, label, isCurrent }, index) => {
      const text = label || fill(this.#words.camera_lens_number, { number: index + 1 })
      return build('option', { value: id, ...(isCurrent && { selected: '' }) }, [text])
    })
    this.#part('lens').replaceChildren(...options)
    this.#part('lens-choice').hidden = lenses.length < 2
  }

  sound(isOn) {
    this.#part('sound').hidden = isOn
  }

  direction(name) {
    document.body.dataset.direction = name
  }

  #recentRow(item, undo) {
    const name = item.result?.verdict ?? 'reading'
    const tone = item.undone ? 'undone' : toneOf(name)
    const word = item.undone ? this.#words.undone : this.#words[`${item.result ? name : 'no_answer'}.word`]
    const guest = nameLines(item.result?.guest ?? item.guest ?? {}).first || item.label
    return build('li', { class: 'scan', 'data-tone': tone }, [
      icon(item.undone ? 'loop' : signOf(name)),
      build('span', { class: 'scan-name' }, [guest]),
      build('span', { class: 'scan-word' }, [word]),
      build('span', { class: 'scan-buttons' }, [!item.undone && this.#partyButton(item.result?.guest), undo]),
    ])
  }

  /** Green goes on by itself, so the companions can be asked for afterwards. */
  #partyButton(guest) {
    if (!this.#onParty || !guest?.id || !this.#membersOf(guest).length) return null
    const button = build('button', { type: 'button', class: 'undo' }, [this.#words.party])
    button.addEventListener('click', () => this.#onParty(guest))
    return button
  }
}
