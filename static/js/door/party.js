/**
 * A leader and companions on one screen: whoever is inside already is marked, everybody else who may come in is ticked,
 * and one press admits all that are ticked.
 *
 *     const party = new Party(document, { words, zone, onAdmit(guests) })
 *     party.show(leader, members)   // guests as in search answers: {id, name, name_latin, organisation, status, inside, first_at}
 *
 * The page parts are `party`, `party-title`, `party-list`, `party-all` and `party-admit`.
 */

import { build, icon, parts } from './dom.js'
import { fill, nameLines } from './format.js'
import { Panel } from './panel.js'
import { stateOf } from './search.js'

/** The rows: leader first, `mayEnter` where a tick makes sense, `isTicked` as they stand at first. */
export function rowsOf(leader, members, words, zone) {
  return [leader, ...members].filter(Boolean).map((guest) => {
    const mayEnter = guest.status === 'confirmed' && !guest.inside
    const { first, second } = nameLines(guest)
    return {
      guest,
      name: first,
      latin: second,
      from: guest.organisation ?? '',
      role: guest === leader ? words.party_leader : '',
      state: stateOf(guest, words, zone),
      mayEnter,
      isTicked: mayEnter,
    }
  })
}

export class Party {
  #part
  #words
  #zone
  #onAdmit
  #panel
  #rows = []

  constructor(root, { words, zone, onAdmit }) {
    this.#part = parts(root)
    this.#words = words
    this.#zone = zone
    this.#onAdmit = onAdmit
    this.#panel = new Panel(root, 'party')
    this.#part('party-all').addEventListener('change', () => this.#tickAll())
    this.#part('party-list').addEventListener('change', () => this.#count())
    this.#part('party-admit').addEventListener('click', () => this.#admit())
  }

  get isOpen() {
    return this.#panel.isOpen
  }

  close() {
    this.#panel.close()
  }

  show(leader, members) {
    this.#rows = rowsOf(leader, members, this.#words, this.#zone)
    this.#part('party-title').textContent = fill(this.#words.party_of, { name: nameLines(leader).first })
    this.#part('party-list').replaceChildren(...this.#rows.map(drawn))
    this.#count()
    this.#panel.open()
  }

  get #boxes() {
    return [...this.#part('party-list').querySelectorAll('input')]
  }

  get #ticked() {
    return this.#rows.filter((_, index) => this.#boxes[index].checked)
  }

  #tickAll() {
    const { checked } = this.#part('party-all')
    for (const box of this.#boxes) box.checked = checked && !box.disabled
    this.#count()
  }

  #count() {
    const { length: count } = this.#ticked
    const open = this.#boxes.filter((box) => !box.disabled).length
    const all = this.#part('party-all')
    all.checked = open > 0 && count === open
    all.indeterminate = count > 0 && count < open
    all.disabled = open === 0
    this.#part('party-admit').disabled = count === 0
    this.#part('party-admit').textContent = fill(this.#words.party_admit, { count })
  }

  #admit() {
    const guests = this.#ticked.map((row) => row.guest)
    this.close()
    this.#onAdmit(guests)
  }
}

function drawn({ name, latin, from, role, state, mayEnter, isTicked }) {
  const box = build('input', { type: 'checkbox', ...(!mayEnter && { disabled: '' }) })
  box.checked = isTicked
  const who = build('span', { class: 'party-who' }, [
    build('span', { class: 'party-name' }, [name, latin && build('small', {}, [latin])]),
    build('span', { class: 'party-from' }, [[role, from].filter(Boolean).join(' · ')]),
  ])
  const here = build('span', { class: `state state-${state.name}` }, [state.text])
  return build('li', {}, [build('label', { class: 'party-row' }, [box, icon('tick'), who, here])])
}
