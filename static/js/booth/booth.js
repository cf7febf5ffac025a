/**
 * The booth's controller: a visitor holds up a code, and their card appears if they agreed to it. Without a connection
 * codes wait on the device and are sent later. It holds no guest list; what an earlier use of this phone as a door left
 * of one is cleared. Started by booth.html.
 */

import { Camera } from '../door/camera.js'
import { Decoder } from '../door/decoder.js'
import { parts } from '../door/dom.js'
import { request } from '../door/http.js'
import { bestReading, hearPastes, ScannerKeys } from '../door/scanner.js'
import { Card } from './card.js'
import { clearGuestLists } from './clearing.js'
import { Visits } from './visits.js'
import { Waiting } from './waiting.js'

const EVERY_MS = 15_000
const LONGEST_CODE = 200

class Booth {
  #booth
  #part
  #card
  #waiting
  #visits
  #camera
  #decoder = null
  #shown = null
  #isOnline = true
  #isClosed = false

  constructor(booth, root) {
    this.#booth = booth
    this.#part = parts(root)
    const { messages: words, timezone, urls } = booth
    this.#card = new Card(root, { words, timezone, language: document.documentElement.lang })
    this.#waiting = new Waiting(`${booth.event}.${booth.booth}`, localStorage)
    const send = (body) => this.#heard(request(urls.leads, { method: 'POST', body }))
    this.#visits = new Visits({ waiting: this.#waiting, send })
    this.#camera = new Camera(this.#part('video'), { onLost: () => this.#lens('starting') })
    this.#wire(root)
  }

  async start() {
    this.#turn()
    setInterval(() => this.#turn(), EVERY_MS)
    addEventListener('online', () => this.#turn())
    await clearGuestLists()
    const permission = await navigator.permissions?.query({ name: 'camera' }).catch(() => null)
    if (permission?.state === 'granted') await this.#startCamera()
  }

  #wire(root) {
    new ScannerKeys(root, (text) => this.#read(text))
    hearPastes(root, (text) => this.#read(text))
    this.#part('camera-start').addEventListener('click', () => this.#startCamera())
    this.#part('code-form').addEventListener('submit', (event) => this.#typed(event))
    this.#part('note-form').addEventListener('submit', (event) => this.#note(event))
    this.#part('again').addEventListener('click', () => this.#shown && this.#meet(this.#shown.code))
    this.#part('next').addEventListener('click', () => this.#next())
  }

  #typed(event) {
    event.preventDefault()
    const text = this.#part('code').value.trim()
    if (!text) return
    this.#part('code').value = ''
    this.#visits.forget()
    this.#read(text)
  }

  #read(text) {
    const code = this.#visits.fresh(text.slice(0, LONGEST_CODE))
    if (code) this.#meet(code)
  }

  async #meet(code) {
    if (this.#isClosed) return
    this.#shown = { code }
    const { visit, ...found } = await this.#asked(code)
    if (this.#isClosed || this.#shown?.code !== code) return
    this.#shown = { code, visit }
    this.#card.show(found.result, found)
    if (found.result === 'shared') this.#refresh()
  }

  async #asked(code) {
    this.#card.show('looking')
    const found = await this.#visits.meet(code)
    if (found.result === 'revoked') this.#close()
    this.#link()
    return found
  }

  #next() {
    this.#shown = null
    this.#visits.forget()
    this.#card.idle()
  }

  async #note(event) {
    event.preventDefault()
    if (!this.#shown?.visit) return
    const isSaved = await this.#visits.note(this.#shown.visit, this.#part('note').value)
    this.#card.noted(isSaved)
    if (isSaved) this.#refresh()
  }

  /** Sends what waits, says how this phone is, and fetches the list. */
  async #turn() {
    if (this.#isClosed) return
    const { notAgreed, revoked } = await this.#visits.flush()
    if (revoked) return this.#close()
    if (notAgreed) this.#tell(this.#booth.messages.not_agreed_later.replace('{count}', notAgreed))
    await Promise.all([this.#report(), this.#refresh()])
    this.#link()
  }

  async #report() {
    const { count: waiting, oldestAt } = this.#waiting
    const battery = await navigator.getBattery?.().catch(() => null)
    const body = {
      sent_at: new Date().toISOString(),
      waiting,
      ...(oldestAt && { oldest_waiting_at: new Date(oldestAt).toISOString() }),
      ...(battery && { battery: Math.round(battery.level * 100) }),
    }
    await this.#heard(request(this.#booth.urls.device, { method: 'POST', body }))
  }

  async #refresh() {
    const answer = await this.#heard(request(this.#booth.urls.list))
    this.#part('list-old').hidden = answer.ok
    if (answer.ok) this.#card.list(answer.data.leads)
  }

  /** Every answer tells whether the server is there, and whether this phone still belongs to the booth. */
  async #heard(asked) {
    const answer = await asked
    this.#isOnline = answer.status !== 0
    if (answer.status === 401) this.#close()
    this.#link()
    return answer
  }

  #link() {
    const { messages: words } = this.#booth
    const { count } = this.#waiting
    const said = [words[this.#isOnline ? 'online' : 'offline'], count && words.waiting.replace('{count}', count)]
    this.#part('link').dataset.state = this.#isOnline ? 'online' : 'offline'
    this.#part('link-word').textContent = said.filter(Boolean).join(' · ')
  }

  #tell(sentence) {
    this.#part('told').textContent = sentence
    this.#part('told').hidden = false
  }

  /** The device was withdrawn: nobody's name stays on the screen. */
  #close() {
    this.#isClosed = true
    this.#shown = null
    this.#card.idle()
    this.#card.list([])
    this.#part('list-none').hidden = true
    this.#tell(this.#booth.messages.revoked)
  }

  async #startCamera() {
    this.#lens('starting')
    const { ok, reason } = await this.#camera.start()
    this.#lens(ok ? 'on' : 'off', reason)
    if (ok && !this.#decoder) this.#watch()
  }

  #watch() {
    this.#decoder = new Decoder({ onBroken: () => this.#lens('off', 'decoder_broken') })
    this.#camera.watch(async (image) => {
      const text = await this.#decoder.read(image)
      if (text) this.#read(bestReading([text]))
    })
  }

  #lens(state, reason = '') {
    const { messages: words } = this.#booth
    this.#part('camera').dataset.state = state
    this.#part('camera-hint').textContent = state === 'starting' ? words.camera_starting : (words[reason] ?? '')
    this.#part('camera-start').disabled = state === 'starting'
  }
}

new Booth(JSON.parse(document.querySelector('#booth').textContent), document).start()
