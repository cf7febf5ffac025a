/**
 * The editor of rounds with JavaScript on: a row is added without the page coming again, and guests are offered while
 * one types. The buttons send the form where this does not run.
 */

import { Suggestions } from './suggestions.js'

/** The rows of `arrived` that `shown` does not have; both lists of elements, told apart by id. */
export function newRows(shown, arrived) {
  const known = new Set([...shown].map((row) => row.id))
  return [...arrived].filter((row) => !known.has(row.id))
}

class Editor {
  #form

  constructor(form) {
    this.#form = form
  }

  start() {
    suggest(this.#form)
    this.#form.addEventListener('click', (event) => {
      const button = event.target.closest('button[data-more]')
      if (!button) return
      event.preventDefault()
      this.#grow(button)
    })
  }

  async #grow(button) {
    if (button.disabled) return
    const sent = new FormData(this.#form)
    sent.append(button.name, button.value)
    button.disabled = true
    const page = await pageFor(this.#form.action, new URLSearchParams(sent))
    button.disabled = false
    const [list, arrived] = [document, page].map((each) => each?.getElementById(button.dataset.more))
    if (!arrived) return sendAnyway(this.#form, button)
    const rows = newRows(list.children, arrived.children)
    list.append(...rows)
    for (const row of rows) suggest(row)
    rows[0]?.querySelector('input:not([type="hidden"])')?.focus()
  }
}

function suggest(root) {
  for (const field of root.querySelectorAll('input[data-suggest]:not([readonly])')) new Suggestions(field).start()
}

/** The page that answers a form; undefined where none came. */
async function pageFor(address, body) {
  try {
    const response = await fetch(address, { method: 'POST', body })
    return response.ok ? new DOMParser().parseFromString(await response.text(), 'text/html') : undefined
  } catch {
    return undefined
  }
}

function sendAnyway(form, button) {
  const field = document.createElement('input')
  Object.assign(field, { type: 'hidden', name: button.name, value: button.value })
  form.append(field)
  form.submit()
}

const form = globalThis.document?.querySelector('form[data-editor]')
if (form) new Editor(form).start()
