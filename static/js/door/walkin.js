/**
 * Somebody without an invitation: three fields, a category, and the code of a blank reserve badge when one is handed
 * out. It works without a network; the lead confirms whoever is not confirmed by that.
 *
 *     const walkIn = new WalkIn(document, {
 *       words,
 *       categories: [{key, name}],       // names in the page's language; the choice is hidden when there are none
 *       onWalkIn({name, organisation, phone, category, code}) → Promise<{status?, guest?, refused?: {code, message}}>,
 *                                        // without an answer of the server resolve to {status: 'pending'}
 *       onConfirm(guest),                // a lead confirms and lets in
 *     })
 *     walkIn.show(); walkIn.isOpen; walkIn.close()
 *     walkIn.scanned(text)               // while it is open, what is scanned is the code of the reserve badge
 *     walkIn.lead(isLead)                // whether the button for a lead is shown
 *     walkIn.categories([{key, name}])
 *
 * The page parts begin with `walk-in`.
 */

import { grouped, parse } from '../ticket.js'
import { build, parts } from './dom.js'
import { fill } from './format.js'
import { Panel } from './panel.js'

/** What was typed as it is sent: without blanks around it, and without fields that are empty. */
export function givenOf(entries, code) {
  const given = Object.entries(entries).map(([name, value]) => [name, value.normalize('NFC').trim()])
  return Object.fromEntries([...given, ['code', code ?? '']].filter(([, value]) => value))
}

export class WalkIn {
  #part
  #words
  #onWalkIn
  #onConfirm
  #panel
  #isLead = false
  #code = null
  #guest = null

  constructor(root, { words, categories = [], onWalkIn, onConfirm = () => {} }) {
    this.#part = parts(root)
    this.#words = words
    this.#onWalkIn = onWalkIn
    this.#onConfirm = onConfirm
    this.#panel = new Panel(root, 'walk-in', { onClose: () => this.#empty() })
    this.categories(categories)
    this.#part('walk-in-open').addEventListener('click', () => this.show())
    this.#part('walk-in-form').addEventListener('submit', (event) => this.#submit(event))
    this.#part('walk-in-more').addEventListener('click', () => this.show())
    this.#part('walk-in-confirm').addEventListener('click', () => this.#confirm())
    this.#part('walk-in-no-code').addEventListener('click', () => this.#keepCode(null))
  }

  get isOpen() {
    return this.#panel.isOpen
  }

  show() {
    this.#empty()
    this.#panel.open()
  }

  close() {
    this.#panel.close()
  }

  lead(isLead) {
    this.#isLead = isLead
  }

  categories(categories) {
    const none = build('option', { value: '' }, [this.#words.walk_in_no_category])
    const options = categories.map(({ key, name }) => build('option', { value: key }, [name]))
    this.#part('walk-in-category').replaceChildren(none, ...options)
    this.#part('walk-in-category').parentElement.hidden = categories.length === 0
  }

  scanned(text) {
    if (!this.#part('walk-in-done').hidden) this.show()
    const code = parse(text)
    this.#say(code ? '' : this.#words.walk_in_no_badge)
    if (code) this.#keepCode(code.text)
  }

  #keepCode(code) {
    this.#code = code
    this.#part('walk-in-code').textContent = code ? grouped(code) : this.#words.walk_in_scan
    this.#part('walk-in-code').classList.toggle('is-code', Boolean(code))
    this.#part('walk-in-no-code').hidden = !code
  }

  #empty() {
    this.#part('walk-in-form').reset()
    this.#part('walk-in-form').hidden = false
    this.#part('walk-in-done').hidden = true
    this.#part('walk-in-send').disabled = false
    this.#say('')
    this.#keepCode(null)
  }

  async #submit(event) {
    event.preventDefault()
    const given = givenOf(Object.fromEntries(new FormData(event.target)), this.#code)
    if (!given.name) return this.#refuse(this.#words.walk_in_name_missing)
    this.#part('walk-in-send').disabled = true
    const answer = await this.#onWalkIn(given)
    this.#part('walk-in-send').disabled = false
    if (answer.refused) this.#refuse(answer.refused.message)
    else this.#done(answer, given.name)
  }

  #refuse(message) {
    this.#say(message)
    this.#part('walk-in-name').focus()
  }

  #say(message) {
    this.#part('walk-in-error').textContent = message
    this.#part('walk-in-error').hidden = !message
  }

  #done({ status = 'pending', guest = null }, name) {
    this.#guest = guest
    const isConfirmed = status === 'confirmed'
    this.#part('walk-in-form').hidden = true
    this.#part('walk-in-done').hidden = false
    this.#part('walk-in-done-name').textContent = name
    this.#part('walk-in-done-do').textContent = this.#words[isConfirmed ? 'walk_in_confirmed' : 'walk_in_pending']
    this.#part('walk-in-done-word').textContent = fill(this.#words.walk_in_done, { name })
    this.#part('walk-in-confirm').hidden = !(this.#isLead && guest && !isConfirmed)
    const next = this.#part('walk-in-confirm').hidden ? 'walk-in-more' : 'walk-in-confirm'
    this.#part(next).focus()
  }

  #confirm() {
    const guest = this.#guest
    this.close()
    this.#onConfirm(guest)
  }
}
