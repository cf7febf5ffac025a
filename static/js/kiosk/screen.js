/**
 * What the kiosk shows: the lobby in three languages, a guest's own name with a welcome, or the way to the service desk.
 * It tells no reason and no other name. kiosk.js decides, this draws.
 *
 *     const screen = new Screen(document, { messages, titles, language })
 *     screen.speak(language)                        // the one that the guest picked, or the house's own
 *     screen.looking() · screen.welcome(guest, { todo }) · screen.desk() · screen.lobby()
 *     screen.open('find') · screen.open('choose') · screen.open('staff') · screen.close()
 */

import { build, parts } from '../door/dom.js'
import { nameLines } from '../door/format.js'

const SHEETS = ['find', 'choose', 'staff']

export class Screen {
  #part
  #root
  #messages
  #titles
  #language

  constructor(root, { messages, titles, language }) {
    this.#root = root
    this.#part = parts(root)
    this.#messages = messages
    this.#titles = titles
    this.#language = language
  }

  /** The words in the language that is spoken now. */
  get words() {
    return this.#messages[this.#language]
  }

  get language() {
    return this.#language
  }

  speak(language) {
    if (!this.#messages[language]) return
    this.#language = language
    document.documentElement.lang = language
    for (const element of this.#root.querySelectorAll('[data-say]')) element.textContent = this.words[element.dataset.say]
    this.#part('title').textContent = this.#titles[language]
    for (const button of this.#part('tongues').children) {
      button.setAttribute('aria-pressed', String(button.value === language))
    }
  }

  lobby({ isAttracting }) {
    document.body.dataset.screen = isAttracting ? 'attract' : 'lobby'
    this.#part('outcome').hidden = true
    // Hidden is not enough: nothing of a guest stays in the page.
    for (const name of ['outcome-name', 'outcome-latin', 'announcer']) this.#part(name).textContent = ''
    this.close()
  }

  looking() {
    this.#outcome('looking', 'wait', this.words.looking, {})
  }

  /** `guest` may be unknown to the device; then only the welcome stands there. `todo`: the word that says what to do. */
  welcome(guest, { todo }) {
    const { first, second } = nameLines(guest ?? {})
    const said = { name: first, latin: second, todo: this.words[todo], language: guest?.language }
    this.#outcome('welcome', 'check', this.words.welcome, said)
  }

  desk() {
    this.#outcome('desk', 'signpost', this.words.desk, { todo: this.words.desk_hint })
    const others = Object.keys(this.#messages).filter((language) => language !== this.#language)
    this.#part('outcome-others').replaceChildren(
      ...others.map((language) => build('p', { lang: language }, [this.#messages[language].desk])),
    )
  }

  open(name) {
    for (const sheet of SHEETS) this.#part(sheet).hidden = sheet !== name
    this.#part('lobby').inert = true
    const first = this.#part(name).querySelector('input, [data-focus], button')
    first?.focus({ preventScroll: true })
  }

  close() {
    for (const sheet of SHEETS) this.#part(sheet).hidden = true
    this.#part('lobby').inert = !this.#part('outcome').hidden
  }

  /** The camera: `on`, `starting` or `off`, and why in the door's words. */
  camera(state, reason = '') {
    this.#part('camera').dataset.state = state
    this.#part('camera-hint').textContent = state === 'off' ? (this.words[reason] ?? this.words.camera_off) : ''
    this.#part('camera-start').disabled = state === 'starting'
  }

  #outcome(state, sign, word, { name = '', latin = '', todo = '', language = '' }) {
    this.close()
    const outcome = this.#part('outcome')
    document.body.dataset.screen = state
    outcome.dataset.state = state
    this.#part('outcome-icon').setAttribute('href', `#icon-${sign}`)
    this.#part('outcome-word').textContent = word
    this.#write('outcome-name', name)
    this.#part('outcome-name').lang = language || this.#language
    this.#part('outcome-name').dataset.length = lengthOf(name)
    this.#write('outcome-latin', latin)
    this.#write('outcome-do', todo)
    this.#part('outcome-others').replaceChildren()
    this.#part('outcome-done').hidden = state === 'looking'
    outcome.hidden = false
    this.#part('lobby').inert = true
    this.#part('announcer').textContent = state === 'looking' ? '' : [word, name, todo].filter(Boolean).join('. ')
    outcome.focus({ preventScroll: true })
  }

  #write(part, text) {
    this.#part(part).textContent = text
    this.#part(part).hidden = !text
  }
}

/** How much room a name needs, counting a Chinese character as two letters. */
export function lengthOf(name) {
  const letters = [...name].reduce((sum, character) => sum + (/\p{Script=Han}/u.test(character) ? 2 : 1), 0)
  if (letters <= 8) return 'short'
  return letters <= 24 ? 'middle' : 'long'
}
