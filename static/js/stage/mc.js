/**
 * The master of ceremonies' tablet: one line large, the one before and the next one, turned by keys, a clicker or a
 * finger, never by itself. The lines are kept on the device; the link says when they are others. Started by mc.html.
 */

import { CueBook } from './mc-book.js'
import { swipeFor, turnFor } from './mc-keys.js'
import { McLink } from './mc-link.js'
import { McMemory, newer } from './mc-memory.js'
import { McView } from './mc-view.js'

class Lectern {
  #told
  #root
  #memory
  #book
  #cues
  #view
  #link
  #touched = null

  constructor(told, root) {
    this.#told = told
    this.#root = root
    this.#memory = new McMemory(told.event)
    const kept = this.#memory.read()
    this.#cues = newer(told.cues, kept.cues)
    this.#book = new CueBook(this.#cues, asked() ?? kept.language ?? told.language, kept.book)
    this.#view = new McView(root, told)
    this.#link = new McLink({ ...told.urls, page: location.pathname }, Date.parse(this.#cues.at), {
      version: () => this.#book.version,
      onCues: (cues) => this.#take(cues),
      onState: ({ state, since }) => this.#view.link(state, this.#timeOf(since)),
    })
  }

  start() {
    this.#view.speak(this.#book.language)
    this.#listen()
    this.#show()
    this.#link.start()
    this.#keepAwake()
    this.#keepPage()
    document.addEventListener('visibilitychange', () => this.#keepAwake())
    document.documentElement.dataset.ready = 'mc'
  }

  #listen() {
    addEventListener('keydown', (event) => this.#key(event))
    this.#on('back', () => this.#turn('previous'))
    this.#on('on', () => this.#turn('next'))
    this.#on('jump', () => this.#book.goOnStage())
    this.#on('changes', () => this.#book.go(this.#book.changes[0]?.key))
    this.#on('gone', () => this.#book.acknowledge())
    this.#on('list-open', () => this.#openList())
    this.#on('list-close', () => this.#part('dialog').close())
    this.#on('forget', () => this.#forget())
    this.#part('all').addEventListener('click', ({ target }) => this.#choose(target.closest('button')?.value))
    this.#part('current').addEventListener('click', ({ target }) => this.#note(target.closest('.mc-noted')?.value))
    this.#part('languages').addEventListener('click', (event) => this.#speak(event))
    const view = this.#part('view')
    view.addEventListener('pointerdown', ({ clientX: x, clientY: y, timeStamp: at, pointerType }) => (this.#touched = pointerType === 'mouse' ? null : { x, y, at }))
    view.addEventListener('pointerup', (event) => this.#swipe(event))
    view.addEventListener('pointercancel', () => (this.#touched = null))
  }

  #on(name, act) {
    this.#part(name).addEventListener('click', () => {
      act()
      this.#show()
    })
  }

  #key(event) {
    if (this.#part('dialog').open) return
    const turn = turnFor(event, Boolean(event.target.closest?.('button, a, summary')))
    if (!turn) return
    event.preventDefault()
    this.#turn(turn)
    this.#show()
  }

  #swipe({ clientX, clientY, timeStamp }) {
    const from = this.#touched
    this.#touched = null
    const turn = from && swipeFor({ dx: clientX - from.x, dy: clientY - from.y, ms: timeStamp - from.at })
    if (!turn) return
    this.#turn(turn)
    this.#show()
  }

  #turn(turn) {
    if (turn === 'first') this.#book.first()
    else if (turn === 'last') this.#book.last()
    else this.#book.turn(turn === 'next' ? 1 : -1)
    this.#part('current').scrollTop = 0
  }

  #openList() {
    this.#view.list(this.#book)
    this.#part('dialog').showModal()
    this.#view.list(this.#book)
  }

  #choose(key) {
    if (!key) return
    this.#book.go(key)
    this.#part('dialog').close()
    this.#show()
  }

  #note(key) {
    if (!key) return
    this.#book.acknowledge(key)
    this.#show()
  }

  /** Another language, without asking the server. */
  #speak(event) {
    const language = event.target.closest('[data-language]')?.dataset.language
    if (!language) return
    event.preventDefault()
    history.replaceState(null, '', `?lang=${language}`)
    this.#book.speak(language)
    this.#view.speak(language)
    this.#show()
  }

  #take(cues) {
    this.#cues = cues
    this.#book.take(cues)
    this.#show()
  }

  #show() {
    this.#view.draw(this.#book)
    this.#memory.write({ cues: this.#cues, language: this.#book.language, book: this.#book.kept() })
  }

  #timeOf(moment) {
    const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: this.#told.timezone }
    return new Intl.DateTimeFormat(this.#book.language, clock).format(moment)
  }

  /** The screen stays on while the page is seen; browsers drop the lock with every change of tab. */
  async #keepAwake() {
    if (!document.hidden) await navigator.wakeLock?.request('screen').catch(() => null)
  }

  /** From now on the page opens without network too. */
  async #keepPage() {
    await navigator.serviceWorker?.register(this.#told.urls.worker, { updateViaCache: 'none' }).catch(() => null)
  }

  async #forget() {
    if (!confirm(this.#told.words[this.#book.language].forget_really)) return
    await forgetPages()
    addEventListener('pagehide', () => this.#memory.forget())
    location.assign(this.#told.urls.stage)
  }

  #part(name) {
    return this.#root.querySelector(`[data-part="${name}"]`)
  }
}

/** The worker goes with what it kept; mc-worker.js names its caches so. */
async function forgetPages() {
  const registration = await navigator.serviceWorker?.getRegistration()
  await registration?.unregister()
  const names = (await globalThis.caches?.keys()) ?? []
  await Promise.all(names.filter((name) => name.startsWith('yingbin-mc-')).map((name) => caches.delete(name)))
}

function asked() {
  return new URLSearchParams(location.search).get('lang')
}

new Lectern(JSON.parse(document.getElementById('told').textContent), document.body).start()
