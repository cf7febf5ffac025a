/**
 * The verdict over the whole screen: colour, shape, word, name, one instruction. It decides nothing. Refusals take the
 * focus, so that a keyboard and a screen reader are where the decision is; green leaves the focus alone, so that
 * somebody who types goes on typing. view.js owns it.
 */

import { build, parts } from './dom.js'
import { affiliation, facts, instruction, marks, nameLines } from './format.js'
import { isOverridable, passes, signOf, toneOf } from './screens.js'

export class Overlay {
  #part
  #words
  #zone
  #leaderOf
  #membersOf
  #returnFocus = null

  /** `isLead`: whoever is on duty may let somebody in against an amber verdict, and confirm. */
  isLead = false

  /** `leaderOf(guest)` answers the leader of a companion or null, `membersOf(guest)` the companions of a leader. */
  constructor(root, { words, zone, leaderOf, membersOf }) {
    this.#part = parts(root)
    this.#words = words
    this.#zone = zone
    this.#leaderOf = leaderOf
    this.#membersOf = membersOf
  }

  show(name, item) {
    const overlay = this.#part('verdict')
    const result = item.result && { ...item.result, leader: leaderIn(item, this.#leaderOf) }
    this.#describe(name, item, result)
    overlay.dataset.tone = toneOf(name)
    overlay.dataset.verdict = name
    overlay.hidden = false
    fitName(this.#part('verdict-name'))
    this.#announce(name, result)
    if (passes(name)) this.#release()
    else this.#hold(overlay)
  }

  hide() {
    this.#part('verdict').hidden = true
    this.#release()
  }

  /** The guest list has changed meanwhile: whoever stands there may turn out to lead others. */
  companions(name, item) {
    const wasHidden = this.#part('verdict-party').hidden
    this.#party(name, guestOf(item))
    if (this.#part('verdict-party').hidden !== wasHidden) fitName(this.#part('verdict-name'))
  }

  /** The steward has said who stands there with the pass of somebody inside: what to do now. */
  instruct(key) {
    this.#part('verdict-do').textContent = this.#words[key]
    this.#part('verdict-choice').hidden = true
    this.#part('verdict-next').hidden = false
    this.say(this.#words[key])
  }

  /** Tells a screen reader. */
  say(text) {
    this.#part('announcer').textContent = text
  }

  #describe(name, item, result) {
    const guest = guestOf(item)
    this.#part('verdict-icon').setAttribute('href', `#icon-${signOf(name)}`)
    this.#write('verdict-word', this.#words[`${name}.word`])
    this.#who(guest, item)
    this.#pick(result?.admits ? guest.pick_slot : '')
    this.#write('verdict-do', instruction(name, result, this.#words, this.#zone))
    this.#list('verdict-facts', facts(name, result, this.#words, this.#zone))
    this.#list('verdict-marks', marks(result, this.#words))
    this.#category(guest)
    this.#choices(name, guest)
  }

  #who(guest, item) {
    const { first, second } = nameLines(guest)
    this.#write('verdict-name', breakable(first || item.label))
    this.#part('verdict-name').lang = guest.language || document.documentElement.lang
    this.#part('verdict-name').classList.toggle('is-code', !first && item.isCode)
    this.#write('verdict-latin', second)
    this.#write('verdict-from', affiliation(guest))
  }

  /** Where the printed badge lies: only for whoever comes in. */
  #pick(slot) {
    this.#part('verdict-slot').textContent = slot ?? ''
    this.#part('verdict-pick').hidden = !slot
  }

  #category({ category_name: name, category_colour: colour }) {
    this.#part('verdict-category').hidden = !name
    this.#part('verdict-category-name').textContent = name ?? ''
    this.#part('verdict-swatch').style.setProperty('--category', colour ?? 'currentColor')
  }

  #choices(name, guest) {
    const isRepeat = name === 'already_inside'
    const isHonour = name === 'admitted_vip'
    const canConfirm = this.isLead && name === 'not_confirmed' && Boolean(guest.id)
    this.#part('verdict-choice').hidden = !isRepeat
    this.#part('confirm').hidden = !canConfirm
    this.#part('verdict-override').hidden = !(this.isLead && isOverridable(name))
    this.#part('verdict-next').hidden = isRepeat || isHonour || passes(name)
    this.#part('verdict-go-on').hidden = !isHonour
    this.#party(name, guest)
  }

  #party(name, guest) {
    this.#part('verdict-party').hidden = !(guest.id && name !== 'reading' && this.#membersOf(guest).length)
  }

  #write(part, text) {
    const element = this.#part(part)
    element.textContent = text
    element.hidden = !text
  }

  #list(part, lines) {
    this.#part(part).replaceChildren(...lines.map((line) => build('li', {}, [line])))
    this.#part(part).hidden = lines.length === 0
  }

  #announce(name, result) {
    const guest = nameLines(result?.guest ?? {}).first
    const said = [this.#words[`${name}.word`], guest, instruction(name, result, this.#words, this.#zone)]
    if (name !== 'reading') this.say([...said, ...marks(result, this.#words)].filter(Boolean).join('. '))
  }

  #hold(overlay) {
    this.#returnFocus ??= document.activeElement
    this.#part('beneath').inert = true
    overlay.focus({ preventScroll: true })
  }

  #release() {
    this.#part('beneath').inert = false
    if (this.#returnFocus?.isConnected) this.#returnFocus.focus({ preventScroll: true })
    this.#returnFocus = null
  }
}

function guestOf({ result, guest }) {
  return result?.guest ?? guest ?? {}
}

function leaderIn(item, leaderOf) {
  const { guest } = item.result
  return guest?.leader_id ? leaderOf(guest) : null
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
