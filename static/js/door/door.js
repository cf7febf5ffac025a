/**
 * The door page's controller: wires camera, hardware scanner and search field to the lane, the lane to the screen, and
 * scans to the server. All that it needs stands in the page as JSON (`#door`). Started by checkin/templates/door.html.
 */

import { grouped, parse } from '../ticket.js'
import { Board } from './board.js'
import { Camera } from './camera.js'
import { Decoder } from './decoder.js'
import { build } from './dom.js'
import { request } from './http.js'
import { Lane } from './lane.js'
import { Queue } from './queue.js'
import { bestReading, ScannerKeys } from './scanner.js'
import { MOST_ROWS, SearchField } from './search.js'
import { figureOf, Sounds } from './sounds.js'
import { Sync } from './sync.js'
import { twoTaps } from './taps.js'
import { View } from './view.js'

const LENS = 'yingbin.door.lens'
const LONGEST_CODE = 200
const LONGEST_LABEL = 60

class Door {
  #door
  #words
  #part
  #lane = new Lane()
  #sounds = new Sounds()
  #view
  #sync
  #camera
  #decoder = null
  #drawn = ''
  #listed = null
  #timer = 0
  #undoing = new Set()
  #lock = null

  constructor(door, root) {
    const zone = { language: document.documentElement.lang, timeZone: door.timezone }
    this.#door = door
    this.#words = door.messages
    this.#part = (name) => root.querySelector(`[data-part="${name}"]`)
    this.#view = new View(root, { words: door.messages, zone, isLead: door.lead })
    this.#sync = this.#startSync()
    this.#camera = new Camera(this.#part('video'), { onLost: () => this.#view.camera('starting') })
    this.#wireScanning(zone)
    this.#wireVerdict()
    this.#wireHouse()
  }

  async start() {
    this.#view.direction(this.#direction)
    this.#view.connection(this.#sync.state)
    this.#draw()
    new Board(this.#door.urls, { ask: request, onCount: (count) => this.#count(count) }).start()
    this.#sync.resume()
    const permission = await navigator.permissions?.query({ name: 'camera' }).catch(() => null)
    if (permission?.state === 'granted') await this.#startCamera()
  }

  #count(count) {
    this.#view.count(count)
    this.#sync.heard()
  }

  #startSync() {
    const queue = new Queue(localStorage, `yingbin.door.${this.#door.event.id}`)
    for (const scan of queue.waiting) this.#lane.restore(itemOf(scan), performance.now())
    return new Sync({
      queue,
      post: (scans) => request(this.#door.urls.scans, { method: 'POST', body: { scans } }),
      onAnswer: (id, result) => this.#change(() => this.#lane.answer(id, result, performance.now())),
      onState: (state) => this.#view.connection(state),
    })
  }

  #wireScanning(zone) {
    new ScannerKeys(document, (text) => this.#readCode(text, 'scanner'))
    const search = { field: this.#part('search'), list: this.#part('found'), status: this.#part('search-status') }
    new SearchField(search, {
      words: this.#words,
      zone,
      find: (query) => request(`${this.#door.urls.search}${encodeURIComponent(query)}&limit=${MOST_ROWS}`),
      onGuest: (guest) => this.#read({ guest_id: guest.id }, { label: guest.name, source: 'search' }),
      onCode: (text) => this.#readCode(bestReading([text]), 'typed'),
    })
    this.#part('camera-start').addEventListener('click', () => this.#startCamera())
    this.#part('lens').addEventListener('change', (event) => this.#startCamera(event.target.value))
  }

  #wireVerdict() {
    const overlay = this.#part('verdict')
    overlay.addEventListener('click', (event) => {
      if (!event.target.closest('button')) this.#dismiss()
    })
    document.addEventListener('keydown', (event) => {
      if (overlay.hidden || event.target.closest?.('button') || event.key === 'Tab') return
      const isTyping = event.target instanceof HTMLInputElement
      if (this.#dismiss() && !isTyping) event.preventDefault()
    })
    this.#part('verdict-next').addEventListener('click', () => this.#dismiss())
    this.#part('same-person').addEventListener('click', () => this.#samePerson())
    this.#part('different-person').addEventListener('click', () => this.#view.instruct('different_person.do'))
    twoTaps(this.#part('verdict-override'), this.#words.override_confirm, () =>
      this.#override(this.#words.override_reason),
    )
  }

  #wireHouse() {
    this.#part('gate').addEventListener('change', () => this.#rememberGate())
    for (const name of ['gate', 'lens']) {
      // A chooser that keeps the focus would take the first keys of a hardware scanner for a choice.
      this.#part(name).addEventListener('change', (event) => event.target.blur())
    }
    for (const radio of this.#part('directions').querySelectorAll('input')) {
      radio.addEventListener('change', () => this.#view.direction(this.#direction))
    }
    for (const gesture of ['pointerdown', 'keydown']) {
      document.addEventListener(gesture, () => this.#wake(), { capture: true })
    }
    document.addEventListener('visibilitychange', () => this.#keepAwake())
    addEventListener('online', () => this.#sync.resume())
  }

  get #direction() {
    return this.#part('directions').querySelector('input:checked').value
  }

  get #gate() {
    return this.#part('gate').value
  }

  #readCode(text, source) {
    const code = parse(text)
    const label = code ? grouped(code.text) : text.slice(0, LONGEST_LABEL)
    this.#read({ code: text.slice(0, LONGEST_CODE) }, { label, source, isCode: true })
  }

  #read(subject, { label, source, isCode = false, override }) {
    const scan = {
      id: crypto.randomUUID(),
      ...subject,
      gate: this.#gate,
      direction: this.#direction,
      scanned_at: new Date().toISOString(),
      mode: 'online',
      ...(override && { override }),
    }
    const item = { ...itemOf(scan), label, source, isCode }
    this.#change(() => {
      if (this.#lane.read(item, performance.now())) this.#sync.send(scan)
    })
  }

  /** A lead puts it on record; for anybody else the person counts as inside already, so there is nothing to record. */
  #samePerson() {
    if (this.#door.lead) this.#override(this.#words.same_person)
    else this.#view.instruct('reentered.do')
  }

  #override(reason) {
    const { item } = this.#lane.screen(performance.now())
    const { code, guest_id } = item.scan
    const label = item.result.guest?.name ?? item.label
    this.#read(guest_id ? { guest_id } : { code }, { label, source: 'override', override: { reason } })
  }

  #dismiss() {
    return this.#change(() => this.#lane.dismiss(performance.now()))
  }

  /** Changes the lane and draws what became of it. */
  #change(act) {
    const answer = act()
    this.#draw()
    return answer
  }

  #draw() {
    const now = performance.now()
    const screen = this.#lane.screen(now)
    const drawn = `${screen.item?.id} ${screen.name}`
    if (drawn !== this.#drawn) {
      this.#drawn = drawn
      this.#view.show(screen)
      if (!screen.silent) this.#sounds.play(figureOf(screen.name))
    }
    this.#drawRecent()
    clearTimeout(this.#timer)
    const next = this.#lane.nextChange()
    if (next !== null) this.#timer = setTimeout(() => this.#tick(), Math.max(0, next - now))
  }

  #drawRecent() {
    const items = this.#lane.recent()
    const listed = items.map((item) => [item.id, item.result?.verdict, item.undone, this.#undoing.has(item.id)]).join()
    if (listed === this.#listed) return
    this.#listed = listed
    this.#view.recent(items, (item) => this.#undoButton(item))
  }

  #tick() {
    this.#change(() => this.#lane.tick(performance.now()))
  }

  #undoButton(item) {
    const counts = item.result?.admits || item.result?.verdict === 'exited'
    if (!counts || item.undone) return null
    const button = build('button', { type: 'button', class: 'undo' }, [this.#words.undo])
    if (this.#undoing.has(item.id)) return Object.assign(button, { disabled: true, textContent: this.#words.undoing })
    twoTaps(button, this.#words.undo_confirm, () => this.#undo(item))
    return button
  }

  async #undo(item) {
    this.#undoing.add(item.id)
    this.#draw()
    const url = this.#door.urls.undo.replace('{id}', item.id)
    const body = { id: crypto.randomUUID(), reason: this.#words.undo_reason }
    const answer = await request(url, { method: 'POST', body })
    this.#undoing.delete(item.id)
    if (answer.ok) this.#lane.undo(item.id, performance.now())
    this.#view.notice(answer.ok ? '' : this.#words.undo_failed)
    this.#draw()
  }

  async #startCamera(lens = localStorage.getItem(LENS) ?? '') {
    this.#view.camera('starting')
    let started = await this.#camera.start(lens)
    if (!started.ok && lens) started = await this.#camera.start()
    this.#view.camera(started.ok ? 'on' : 'off', started.reason)
    if (!started.ok) return
    if (lens) localStorage.setItem(LENS, lens)
    this.#view.lenses(await this.#camera.lenses())
    this.#watch()
  }

  #watch() {
    if (this.#decoder) return
    this.#decoder = new Decoder({ onBroken: () => this.#view.camera('off', 'decoder_broken') })
    this.#camera.watch(async (image) => {
      const text = await this.#decoder.read(image)
      if (text) this.#readCode(text, 'camera')
    })
  }

  #rememberGate() {
    history.replaceState(null, '', this.#withGate(location.href))
    for (const link of this.#part('languages').querySelectorAll('a')) link.href = this.#withGate(link.href)
  }

  #withGate(address) {
    const url = new URL(address)
    url.searchParams.set('gate', this.#gate)
    return url
  }

  async #wake() {
    this.#view.sound(await this.#sounds.unlock())
    this.#keepAwake()
  }

  async #keepAwake() {
    if (document.hidden || this.#lock?.released === false) return
    this.#lock = await navigator.wakeLock?.request('screen').catch(() => null)
  }
}

function itemOf(scan) {
  const code = scan.code && parse(scan.code)
  const label = code ? grouped(code.text) : (scan.code ?? '')
  const key = [scan.code ?? scan.guest_id, scan.gate, scan.direction, scan.override && scan.id].join(' ')
  return { id: scan.id, key, label, source: 'queue', isCode: Boolean(scan.code), scan }
}

new Door(JSON.parse(document.querySelector('#door').textContent), document).start()
