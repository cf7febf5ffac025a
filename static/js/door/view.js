/**
 * Draws the door: the verdict over the whole screen, the last three scans, the counter and the connection. It decides
 * nothing; door.js tells it what the lane says. Refusals take the focus, so that a keyboard and a screen reader are
 * where the decision is; green leaves the focus alone, so that somebody who types goes on typing.
 */

import { build } from './dom.js'
import { affiliation, facts, fill, instruction, nameLines } from './format.js'

const ICONS = {
  reading: 'wait',
  no_answer: 'wait',
  admitted: 'check',
  admitted_vip: 'star',
  reentered: 'loop',
  exited: 'exit',
  already_inside: 'repeat',
  valid_unsynced: 'valid',
  cancelled: 'cross',
  revoked: 'cross',
  other_event: 'cross',
  unknown: 'cross',
}
const PASSING = new Set(['reading', 'admitted', 'reentered', 'exited', 'valid_unsynced'])
const OVERRIDABLE = new Set(['wrong_gate', 'too_early', 'too_late', 'zone_full', 'not_confirmed'])
const TONES = {
  reading: 'reading',
  no_answer: 'waiting',
  admitted: 'green',
  reentered: 'green',
  admitted_vip: 'honour',
  exited: 'blue',
  valid_unsynced: 'striped',
  cancelled: 'red',
  revoked: 'red',
  other_event: 'red',
  unknown: 'red',
}

export class View {
  #part
  #words
  #zone
  #isLead
  #returnFocus = null

  /** `isLead`: whoever is on duty may let somebody in against an amber verdict. */
  constructor(root, { words, zone, isLead }) {
    this.#part = (name) => root.querySelector(`[data-part="${name}"]`)
    this.#words = words
    this.#zone = zone
    this.#isLead = isLead
  }

  /** Draws a screen of the lane; `idle` takes the verdict away. */
  show({ name, item }) {
    const overlay = this.#part('verdict')
    if (name === 'idle') return this.#hide(overlay)
    this.#describe(name, item)
    overlay.dataset.tone = TONES[name] ?? 'amber'
    overlay.dataset.verdict = name
    overlay.hidden = false
    fitName(this.#part('verdict-name'))
    this.#announce(name, item)
    if (PASSING.has(name)) this.#release()
    else this.#hold(overlay)
  }

  /** The steward has said who stands there with the pass of somebody inside: what to do now. */
  instruct(key) {
    this.#part('verdict-do').textContent = this.#words[key]
    this.#part('verdict-choice').hidden = true
    this.#part('verdict-next').hidden = false
    this.#say(this.#words[key])
  }

  /** One line under the last scans; empty takes it away. */
  notice(text) {
    this.#write('notice', text)
    if (text) this.#say(text)
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

  connection({ reachable, waiting, signedOut }) {
    const chip = this.#part('connection')
    const name = signedOut ? 'signed_out' : { true: 'online', false: 'offline' }[reachable] ?? 'connecting'
    const pending = name === 'offline' || name === 'signed_out' ? waiting : 0
    const said = [this.#words[name], pending && fill(this.#words.waiting, { count: waiting })].filter(Boolean)
    chip.dataset.state = name
    this.#part('connection-word').textContent = said.join(' · ')
    this.#part('signed-out').hidden = !signedOut
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

  #describe(name, item) {
    const { result, label } = item
    const guest = result?.guest ?? {}
    const { first, second } = nameLines(guest)
    this.#part('verdict-icon').setAttribute('href', `#icon-${ICONS[name] ?? 'alert'}`)
    this.#write('verdict-word', this.#words[`${name}.word`])
    this.#write('verdict-name', breakable(first || label))
    this.#part('verdict-name').lang = guest.language || document.documentElement.lang
    this.#part('verdict-name').classList.toggle('is-code', !first && item.isCode)
    this.#write('verdict-latin', second)
    this.#write('verdict-from', affiliation(guest))
    this.#write('verdict-do', instruction(name, result, this.#words, this.#zone))
    this.#part('verdict-facts').replaceChildren(
      ...facts(name, result, this.#words, this.#zone).map((line) => build('li', {}, [line])),
    )
    this.#category(guest)
    this.#choices(name)
  }

  #category({ category_name: name, category_colour: colour }) {
    this.#part('verdict-category').hidden = !name
    this.#part('verdict-category-name').textContent = name ?? ''
    this.#part('verdict-swatch').style.setProperty('--category', colour ?? 'currentColor')
  }

  #choices(name) {
    const isRepeat = name === 'already_inside'
    this.#part('verdict-choice').hidden = !isRepeat
    this.#part('verdict-override').hidden = !(this.#isLead && OVERRIDABLE.has(name))
    this.#part('verdict-next').hidden = isRepeat || name === 'admitted_vip' || PASSING.has(name)
    this.#part('verdict-go-on').hidden = name !== 'admitted_vip'
  }

  #write(part, text) {
    const element = this.#part(part)
    element.textContent = text
    element.hidden = !text
  }

  #announce(name, item) {
    const guest = nameLines(item.result?.guest ?? {}).first
    const said = [this.#words[`${name}.word`], guest, instruction(name, item.result, this.#words, this.#zone)]
    if (name !== 'reading') this.#say(said.filter(Boolean).join('. '))
  }

  #say(text) {
    this.#part('announcer').textContent = text
  }

  #hold(overlay) {
    this.#returnFocus ??= document.activeElement
    this.#part('house').inert = true
    overlay.focus({ preventScroll: true })
  }

  #release() {
    this.#part('house').inert = false
    if (this.#returnFocus?.isConnected) this.#returnFocus.focus({ preventScroll: true })
    this.#returnFocus = null
  }

  #hide(overlay) {
    overlay.hidden = true
    this.#release()
  }

  #recentRow(item, undo) {
    const name = item.result?.verdict ?? 'reading'
    const tone = item.undone ? 'undone' : (TONES[name] ?? 'amber')
    const word = item.undone ? this.#words.undone : this.#words[`${item.result ? name : 'no_answer'}.word`]
    const guest = nameLines(item.result?.guest ?? {}).first || item.label
    return build('li', { class: 'scan', 'data-tone': tone }, [
      icon(item.undone ? 'loop' : (ICONS[name] ?? 'alert')),
      build('span', { class: 'scan-name' }, [guest]),
      build('span', { class: 'scan-word' }, [word]),
      undo,
    ])
  }
}

/** A transcribed name may be broken after the dot between its parts, and nowhere before it. */
function breakable(name) {
  return name.replaceAll('·', '\u2060·\u200b')
}

/** Makes a name as large as its box allows on as few lines as possible; an extremely long one wraps anywhere. */
function fitName(element) {
  const overlay = element.closest('[data-part="verdict"]')
  const tallest = window.innerHeight * 0.34
  let size = Math.min(window.innerHeight * 0.24, element.parentElement.clientWidth / 2)
  element.classList.remove('is-long')
  do {
    element.style.fontSize = `${size}px`
    size *= 0.94
  } while (size > 26 && (overflows(overlay) || element.scrollWidth > element.clientWidth || element.scrollHeight > tallest))
  element.classList.toggle('is-long', size <= 26)
}

function overflows(element) {
  return element.scrollHeight > element.clientHeight
}

function icon(name) {
  const space = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(space, 'svg')
  const use = document.createElementNS(space, 'use')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  use.setAttribute('href', `#icon-${name}`)
  svg.append(use)
  return svg
}
