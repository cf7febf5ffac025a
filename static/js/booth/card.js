/** What a booth's screen says of the code that was read last, and the list of who agreed. booth.js decides, this draws. */

import { build, parts } from '../door/dom.js'

const SIGNS = { looking: 'wait', shared: 'check', not_agreed: 'cross', unknown: 'alert', kept: 'clock', failed: 'alert' }
const HINTS = { not_agreed: 'not_agreed_hint', unknown: 'unknown_hint', kept: 'kept_hint' }
const RETRIED = new Set(['not_agreed', 'failed'])

export class Card {
  #part
  #words
  #time

  constructor(root, { words, timezone, language }) {
    this.#part = parts(root)
    this.#words = words
    this.#time = new Intl.DateTimeFormat(language, { timeZone: timezone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  }

  idle() {
    this.#part('card').dataset.state = 'idle'
    this.#write({})
    this.#part('card-said').hidden = true
    this.#part('card-idle').hidden = false
  }

  /** `state` is `looking` or a result of visits.js; `lead` is the visitor's card where they agreed. */
  show(state, { lead = null, repeated = false } = {}) {
    this.#part('card').dataset.state = state
    this.#part('card-idle').hidden = true
    this.#part('card-said').hidden = false
    this.#part('card-icon').setAttribute('href', `#icon-${SIGNS[state]}`)
    this.#part('card-word').textContent = this.#words[repeated ? 'shared_again' : state]
    this.#set('card-hint', this.#words[HINTS[state]] ?? '')
    this.#write(lead ?? {})
    this.#part('note-form').hidden = !lead
    this.#part('note').value = lead?.note ?? ''
    this.#part('note-said').textContent = ''
    this.#part('again').hidden = !RETRIED.has(state)
    this.#part('next').hidden = state === 'looking'
  }

  noted(isSaved) {
    this.#part('note-said').textContent = this.#words[isSaved ? 'saved' : 'not_saved']
  }

  /** Everybody who agreed, the latest first. */
  list(leads) {
    this.#part('list').replaceChildren(...[...leads].reverse().map((lead) => this.#row(lead)))
    this.#part('list-none').hidden = leads.length > 0
    this.#part('count').textContent = leads.length ? this.#words.count.replace('{count}', leads.length) : ''
  }

  #row({ name, organisation, at, note, language }) {
    const who = build('b', { lang: language }, [name])
    const time = build('time', { datetime: at }, [this.#time.format(new Date(at))])
    return build('li', {}, [time, build('span', {}, [who, organisation && ` ${organisation}`, note && build('small', {}, [note])])])
  }

  #write({ name = '', name_latin = '', organisation = '', job_title = '', email = '', language = '' }) {
    const lines = { name, latin: name_latin, organisation, 'job-title': job_title, email }
    for (const [part, text] of Object.entries(lines)) this.#set(part, text)
    this.#part('name').lang = language
  }

  #set(part, text) {
    this.#part(part).textContent = text
    this.#part(part).hidden = !text
  }
}
