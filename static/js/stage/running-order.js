/**
 * Moves a part of the programme by dragging it. The arrows beside each part do the same without this. The server puts
 * them in order and the page comes again.
 */

/** The place, from 1, that the part at `from` takes when it is dropped on the part at `onto`; null where nothing moves. */
export function placeOf(from, onto) {
  return from === onto || from < 0 || onto < 0 ? null : onto + 1
}

class RunningOrder {
  #list
  #dragged = null

  constructor(list) {
    this.#list = list
    for (const part of this.#parts) part.draggable = true
    list.addEventListener('dragstart', (event) => this.#start(event))
    list.addEventListener('dragover', (event) => this.#over(event))
    list.addEventListener('drop', (event) => this.#drop(event))
    list.addEventListener('dragend', () => this.#end())
  }

  get #parts() {
    return [...this.#list.children].filter((part) => part.dataset.move)
  }

  #start(event) {
    this.#dragged = event.target.closest('[data-move]')
    this.#dragged.classList.add('is-dragged')
    event.dataTransfer.effectAllowed = 'move'
  }

  #over(event) {
    const part = event.target.closest('[data-move]')
    if (!this.#dragged || !part) return
    event.preventDefault()
    for (const each of this.#parts) each.classList.toggle('is-target', each === part && each !== this.#dragged)
  }

  #drop(event) {
    const parts = this.#parts
    const place = placeOf(parts.indexOf(this.#dragged), parts.indexOf(event.target.closest('[data-move]')))
    event.preventDefault()
    if (place !== null) move(this.#dragged.dataset.move, place)
    this.#end()
  }

  #end() {
    this.#dragged?.classList.remove('is-dragged')
    for (const part of this.#parts) part.classList.remove('is-target')
    this.#dragged = null
  }
}

function move(address, place) {
  const form = document.createElement('form')
  form.method = 'post'
  form.action = address
  const field = document.createElement('input')
  field.type = 'hidden'
  field.name = 'to'
  field.value = place
  form.append(field)
  document.body.append(form)
  form.submit()
}

const list = globalThis.document?.querySelector('[data-running-order]')
if (list) new RunningOrder(list)
