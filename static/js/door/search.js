/**
 * Finding a guest by anything people say, and typing a code where no camera reads it. The pure helpers prepare what is
 * asked and shown; `SearchField` wires the field and its list (a combobox, WAI-ARIA 1.2). door.js owns it.
 */

import { clockTime, fill, nameLines } from './format.js'
import { build } from './dom.js'
import { codeWithin } from './scanner.js'

export const MOST_ROWS = 8
const PAUSE_MS = 120

/** What to ask the server for: without blanks and without the marks that a pinyin keyboard puts between syllables. */
export function queryOf(typed) {
  return typed.normalize('NFKC').replaceAll(/['’]/g, '').replaceAll(/\s+/g, ' ').trim()
}

/** Where a guest stands, as `{name, text}`: present, gone again, not here yet, or not expected at all. */
export function stateOf(guest, words, zone) {
  if (guest.inside) {
    const time = clockTime(guest.first_at, zone)
    return { name: 'inside', text: fill(words.state_inside, { time }).trim() }
  }
  if (guest.status !== 'confirmed') return { name: guest.status, text: words[`state_${guest.status}`] ?? '' }
  const name = guest.first_at ? 'left' : 'expected'
  return { name, text: words[`state_${name}`] }
}

/** One row of the list as plain text in parts. */
export function rowOf(guest, words, zone) {
  const { first, second } = nameLines(guest)
  return {
    name: first,
    latin: second,
    from: guest.organisation ?? '',
    category: guest.category_name ?? '',
    state: stateOf(guest, words, zone),
  }
}

/** The row that an arrow key leads to; -1 is none, that is, the field itself. */
export function stepTo(active, key, count) {
  if (key === 'ArrowDown') return active + 1 < count ? active + 1 : -1
  if (key === 'ArrowUp') return active < 0 ? count - 1 : active - 1
  return active
}

export class SearchField {
  #parts
  #words
  #zone
  #find
  #onGuest
  #onCode
  #guests = []
  #active = -1
  #asked = ''
  #timer = 0

  /** `find(query)` answers as http.js does; `onGuest(guest)` and `onCode(text)` are what was chosen. */
  constructor({ field, list, status }, { words, zone, find, onGuest, onCode }) {
    this.#parts = { field, list, status }
    this.#words = words
    this.#zone = zone
    this.#find = find
    this.#onGuest = onGuest
    this.#onCode = onCode
    field.addEventListener('input', () => this.#typed())
    field.addEventListener('keydown', (event) => this.#key(event))
    list.addEventListener('click', (event) => this.#clicked(event))
  }

  clear() {
    this.#parts.field.value = ''
    this.#asked = ''
    this.#show([], '')
  }

  #typed() {
    clearTimeout(this.#timer)
    const { value } = this.#parts.field
    const code = codeWithin(value)
    if (code) return this.#take(code)
    if (!queryOf(value)) return this.clear()
    this.#timer = setTimeout(() => this.#ask(queryOf(value)), PAUSE_MS)
  }

  async #ask(query) {
    this.#asked = query
    const answer = await this.#find(query)
    if (this.#asked !== query) return
    if (!answer.ok) return this.#show([], this.#words.search_failed)
    const guests = answer.data.guests.slice(0, MOST_ROWS)
    const said = guests.length ? this.#words.search_count : this.#words.search_none
    this.#show(guests, fill(said, { count: guests.length, query }))
  }

  #show(guests, said) {
    const { field, list, status } = this.#parts
    this.#guests = guests
    this.#active = -1
    list.replaceChildren(...guests.map((guest, index) => drawn(rowOf(guest, this.#words, this.#zone), guest, index)))
    list.hidden = !guests.length
    status.textContent = said
    status.classList.toggle('unseen', guests.length > 0)
    field.setAttribute('aria-expanded', String(guests.length > 0))
    field.removeAttribute('aria-activedescendant')
  }

  #key(event) {
    if (event.isComposing) return
    if (event.key === 'Enter') this.#enter(event)
    else if (event.key === 'Escape') this.clear()
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault()
      this.#activate(stepTo(this.#active, event.key, this.#guests.length))
    }
  }

  #enter(event) {
    event.preventDefault()
    const { value } = this.#parts.field
    if (looksLikeCode(value)) this.#take(value.trim())
    else if (this.#asked === queryOf(value) && this.#guests.length) this.#choose(Math.max(this.#active, 0))
  }

  #activate(index) {
    this.#active = index
    const { field, list } = this.#parts
    for (const [at, row] of [...list.children].entries()) row.setAttribute('aria-selected', String(at === index))
    if (index < 0) return field.removeAttribute('aria-activedescendant')
    field.setAttribute('aria-activedescendant', list.children[index].id)
    list.children[index].scrollIntoView({ block: 'nearest' })
  }

  #clicked(event) {
    const row = event.target.closest('[role="option"]')
    if (row) this.#choose(Number(row.dataset.index))
  }

  #choose(index) {
    const guest = this.#guests[index]
    this.clear()
    this.#onGuest(guest)
  }

  #take(code) {
    this.clear()
    this.#onCode(code)
  }
}

/** Whether somebody typed a code, though perhaps with a mistake: long, and hardly a name. */
export function looksLikeCode(typed) {
  const symbols = typed.normalize('NFKC').replaceAll(/[\s-]/g, '')
  return /^[A-Za-z0-9]{20,}$/.test(symbols) && /\d/.test(symbols)
}

function drawn({ name, latin, from, category, state }, guest, index) {
  const swatch = build('span', { class: 'swatch' })
  if (guest.category_colour) swatch.style.setProperty('--category', guest.category_colour)
  const option = { id: `found-${index}`, role: 'option', 'aria-selected': 'false', 'data-index': index }
  return build('li', { class: 'found', ...option }, [
    build('span', { class: 'found-name' }, [name, latin && build('small', {}, [latin])]),
    build('span', { class: `state state-${state.name}` }, [state.text]),
    build('span', { class: 'found-from' }, [from]),
    build('span', { class: 'found-category' }, [swatch, category]),
  ])
}
