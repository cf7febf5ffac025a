/**
 * One thing at a time over the idle door: a section that covers the house and gives the focus back when it closes. The
 * verdict still comes over it, so a scan is answered whatever is open. The party, walk-in, sign-on and self-test are
 * panels; the lock is not, because it stands above everything.
 */

import { parts } from './dom.js'

export class Panel {
  #element
  #house
  #onClose
  #returnFocus = null

  /**
   * `root`: the document. `name`: the `data-part` of the section. An element inside it with `data-close` closes it, as
   * does Escape; one with `data-focus` gets the focus. `onClose()` is called however it was closed.
   */
  constructor(root, name, { onClose = () => {} } = {}) {
    this.#element = parts(root)(name)
    this.#house = parts(root)('house')
    this.#onClose = onClose
    for (const button of this.#element.querySelectorAll('[data-close]')) {
      button.addEventListener('click', () => this.close())
    }
    this.#element.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && !event.isComposing) this.close()
    })
  }

  get isOpen() {
    return !this.#element.hidden
  }

  open() {
    if (!this.isOpen) this.#returnFocus = document.activeElement
    for (const other of this.#element.parentElement.querySelectorAll('.panel')) other.hidden = true
    this.#element.hidden = false
    this.#house.inert = true
    const first = this.#element.querySelector('[data-focus]') ?? this.#element
    first.focus({ preventScroll: true })
    this.#element.scrollTop = 0
  }

  close() {
    if (!this.isOpen) return
    this.#element.hidden = true
    this.#house.inert = false
    if (this.#returnFocus?.isConnected) this.#returnFocus.focus({ preventScroll: true })
    this.#returnFocus = null
    this.#onClose()
  }
}
