/** Draws the tablet of the lectern from a `CueBook`; decides nothing. Owned by mc.js. */

import { build, parts } from '../door/dom.js'
import { lengthOf, piecesOf } from './mc-text.js'

const CALLED = 'called'

export class McView {
  #root
  #part
  #words = {}
  #told

  constructor(root, told) {
    this.#root = root
    this.#part = parts(root)
    this.#told = told
    for (const name of ['view', 'turns', 'tools']) this.#part(name).hidden = false
    this.#part('list').hidden = true
  }

  /** The page's own words in that language. */
  speak(language) {
    this.#words = this.#told.words[language]
    document.documentElement.lang = language
    document.title = `${this.#words.title} · ${this.#told.titles[language]}`
    this.#part('event').textContent = this.#told.titles[language]
    for (const element of this.#root.querySelectorAll('[data-say]')) element.textContent = this.#words[element.dataset.say]
    for (const element of this.#root.querySelectorAll('[data-label]')) element.ariaLabel = this.#words[element.dataset.label]
    for (const link of this.#root.querySelectorAll('[data-language]')) {
      link.toggleAttribute('aria-current', link.dataset.language === language)
      if (link.hasAttribute('aria-current')) link.setAttribute('aria-current', 'true')
    }
  }

  draw(book) {
    this.#part('previous').replaceChildren(...this.#aside(book.previous, 'previous', book))
    this.#part('current').replaceChildren(...this.#current(book))
    this.#part('next').replaceChildren(...book.noticesBefore(book.next).map((each) => this.#notice(each, book)), ...this.#aside(book.next, 'next', book))
    this.#part('place').textContent = fill(this.#words.place, book.place)
    this.#part('back').disabled = !book.previous
    this.#part('on').disabled = !book.next
    this.#drawOnStage(book)
    this.#drawChanges(book)
  }

  /** The connection as a word, a shape and, where it is gone, since when. */
  link(state, time) {
    const shown = this.#part('link')
    const sentence = fill(this.#words[state], { time })
    this.#part('sign-in').hidden = state !== 'signed_out'
    this.#part('link-words').textContent = sentence
    if (shown.dataset.state === state) return
    shown.dataset.state = state
    this.#part('announce').textContent = sentence
  }

  /** Every line as a button, the current one marked. */
  list(book) {
    const items = book.lines.map((line) => {
      const words = [line.round, line.time, line.label, this.#changeWord(book.changeOf(line))].filter(Boolean).join(' · ')
      const about = build('span', { class: 'mc-about' }, [words])
      const button = build('button', { type: 'button', value: line.key, class: line.spoken ? '' : 'mc-out' }, [about, line.sentence])
      if (line.key === book.current?.key) button.setAttribute('aria-current', 'true')
      return build('li', {}, [button])
    })
    this.#part('all').replaceChildren(...items)
    this.#part('all').querySelector('[aria-current]')?.scrollIntoView({ block: 'center' })
  }

  #current(book) {
    const line = book.current
    if (!line) return [build('p', { class: 'mc-sentence' }, [this.#words.empty])]
    const change = book.changeOf(line)
    return [
      ...book.noticesBefore(line).map((each) => this.#notice(each, book)),
      this.#about(line),
      change && this.#mark(line, change),
      sentenceOf(line),
      line.script && build('p', { class: 'mc-script' }, [line.script]),
      line.people.length > 0 && build('ul', { class: 'mc-people' }, line.people.map(personOf)),
    ].filter(Boolean)
  }

  #aside(line, name, book) {
    const empty = name === 'next' ? 'end' : 'beginning'
    if (!line) return [build('p', { class: 'mc-about' }, [this.#words[empty]])]
    const change = book.changeOf(line)
    return [
      build('p', { class: 'mc-about' }, [[this.#words[name], line.round, line.time, line.label].filter(Boolean).join(' · ')]),
      change && build('p', { class: 'mc-change', 'data-change': change.kind }, [sign(), this.#changeWord(change)]),
      build('p', { class: 'mc-aside' }, [line.sentence]),
    ].filter(Boolean)
  }

  #about(line) {
    const words = [line.segment, line.round, line.title === line.segment ? '' : line.title].filter(Boolean).join(' · ')
    const state = line.state_word && build('span', { class: 'mc-state' }, [line.state_word])
    return build('p', { class: 'mc-about' }, [line.time && build('b', { class: 'mc-time' }, [line.time]), `${words} · ${line.label} `, state])
  }

  #notice(line, book) {
    const change = book.changeOf(line)
    const words = `${[line.round, line.title].filter(Boolean).join(' · ')}：${line.sentence}`
    return build('p', { class: 'mc-notice', ...(change && { 'data-change': change.kind }) }, [
      build('b', {}, [line.label]),
      words,
      change && build('span', { class: 'mc-change' }, [sign(), this.#changeWord(change)]),
    ])
  }

  #mark(line, change) {
    const was = change.was && build('span', { class: 'mc-was' }, [fill(this.#words.was, { sentence: change.was })])
    const noted = build('button', { type: 'button', class: 'mc-noted', value: line.key }, [this.#words.noted])
    return build('div', { class: 'mc-change', 'data-change': change.kind }, [sign(), build('b', {}, [this.#changeWord(change)]), was, noted])
  }

  #drawOnStage(book) {
    const { onStage } = book
    this.#part('on-stage').hidden = !onStage
    this.#part('jump').hidden = !onStage || book.isOnStage
    if (onStage) this.#part('on-stage-words').textContent = fill(this.#words[onStage.state === CALLED ? 'called' : 'on_stage'], onStage)
  }

  #drawChanges(book) {
    const count = book.changes.length
    this.#part('changes').hidden = !count
    this.#part('changes-words').textContent = fill(this.#words.changes, { count })
    this.#part('gone').hidden = !book.gone
    this.#part('gone-words').textContent = fill(this.#words.removed, { count: book.gone })
  }

  #changeWord(change) {
    return change ? this.#words[change.kind] : ''
  }
}

function sentenceOf({ sentence, people }) {
  const pieces = piecesOf(sentence, people).map(({ text, isName }) => (isName ? build('span', { class: 'mc-whole' }, [text]) : text))
  return build('p', { class: 'mc-sentence', 'data-length': lengthOf(sentence) }, pieces)
}

function personOf({ role_word: role, title, name, honorific, second, reading, confirmed, notes }) {
  return build('li', { class: 'mc-person' }, [
    build('span', { class: 'mc-name' }, [name]),
    honorific && build('span', {}, [honorific]),
    second && build('span', { class: 'mc-second' }, [second]),
    reading && build('span', { class: confirmed ? 'mc-reading' : 'mc-reading mc-doubted' }, [reading]),
    ...notes.map(({ kind, words }) => build('b', { class: 'mc-note', 'data-note': kind }, [words])),
    build('span', { class: 'mc-title' }, [[role, title].filter(Boolean).join(' · ')]),
  ])
}

/** A change is told by a shape too. */
function sign() {
  return build('span', { class: 'mc-sign', 'aria-hidden': 'true' }, ['▲'])
}

function fill(sentence, values) {
  return Object.entries(values).reduce((words, [name, value]) => words.replace(`{${name}}`, value), sentence)
}
