/**
 * Moves somebody on a precedence list by dragging the handle or with the arrow keys, and then asks for the reason: the
 * move form is filled, and nothing is sent before somebody says why. Escape puts everybody back. The form does the same
 * without this.
 */

import { Suggestions } from './suggestions.js'

/** The index that something takes which is dropped at `y` among boxes of `{top, height}` without its own. */
export function indexAt(y, boxes) {
  const below = boxes.findIndex(({ top, height }) => y < top + height / 2)
  return below < 0 ? boxes.length : below
}

/** Words with `{name}` filled from `parameters`. */
export function filled(words, parameters) {
  return words.replace(/\{(\w+)\}/g, (whole, name) => parameters[name] ?? whole)
}

class Order {
  #list
  #form
  #told
  #before
  #dragged = null

  constructor(list, form) {
    this.#list = list
    this.#form = form
    this.#told = form.querySelector('#move-told')
    this.#before = [...list.children]
  }

  start() {
    for (const handle of this.#list.querySelectorAll('[data-handle]')) {
      handle.hidden = false
      handle.addEventListener('keydown', (event) => this.#key(event, handle.closest('li')))
      handle.addEventListener('pointerdown', (event) => this.#grab(event, handle.closest('li')))
    }
    // not on the handle: it would lose the pointer whenever its row changes places
    document.addEventListener('pointermove', (event) => this.#drag(event))
    document.addEventListener('pointerup', () => this.#drop())
    document.addEventListener('pointercancel', () => this.#dragged && this.#reset())
  }

  #key(event, row) {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key]
    if (event.key === 'Escape') this.#reset()
    if (event.key === 'Enter' || event.key === ' ') this.#ask(row, event)
    if (!step) return
    event.preventDefault()
    this.#only(row)
    this.#put(row, this.#index(row) + step)
    event.currentTarget.focus()
    this.#fill(row)
  }

  #grab(event, row) {
    event.preventDefault()
    this.#only(row)
    this.#dragged = row
    row.dataset.dragged = ''
  }

  #drag(event) {
    if (!this.#dragged) return
    const others = [...this.#list.children].filter((row) => row !== this.#dragged)
    this.#put(this.#dragged, indexAt(event.clientY, others.map((row) => row.getBoundingClientRect())))
  }

  #drop() {
    const row = this.#dragged
    if (!row) return
    delete row.dataset.dragged
    this.#dragged = null
    if (this.#fill(row)) this.#ask(row)
  }

  /** One person is moved at a time: whoever was moved before and not sent goes back. */
  #only(row) {
    if (this.#form.elements.guest_id.value !== row.dataset.guest) this.#reset()
  }

  #reset() {
    if (this.#dragged) delete this.#dragged.dataset.dragged
    this.#dragged = null
    this.#list.replaceChildren(...this.#before)
    this.#form.elements.to_position.value = ''
    this.#told.textContent = ''
  }

  #index(row) {
    return [...this.#list.children].indexOf(row)
  }

  #put(row, index) {
    const others = [...this.#list.children].filter((each) => each !== row)
    if (index < 0 || index > others.length || index === this.#index(row)) return
    this.#list.insertBefore(row, others[index] ?? null)
  }

  /** Writes the move into the form; false where the person is back where they were. */
  #fill(row) {
    const position = this.#index(row) + 1
    const isMoved = position !== Number(row.dataset.position)
    this.#form.elements.guest_id.value = row.dataset.guest
    this.#form.elements.to_position.value = isMoved ? position : ''
    const name = row.querySelector('bdi').textContent
    this.#told.textContent = isMoved ? filled(this.#told.dataset.words, { name, position }) : ''
    return isMoved
  }

  #ask(row, event) {
    if (!this.#fill(row)) return
    event?.preventDefault()
    this.#form.elements.reason.focus()
  }
}

const page = globalThis.document
const [list, form] = [page?.querySelector('#order'), page?.querySelector('#move')]
if (list && form) new Order(list, form).start()
for (const field of page?.querySelectorAll('[data-suggest]') ?? []) new Suggestions(field).start()
