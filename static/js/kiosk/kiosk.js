/**
 * The kiosk's controller: a guest holds up a code, or types four digits and a surname and picks their own name; the
 * kiosk welcomes them, prints the badge and goes back to the lobby. Whatever is not green sends to the service desk, and
 * says no more. Everything that decides, keeps and sends is the door's own station. Started by kiosk.html.
 */

import { Camera } from '../door/camera.js'
import { isTestCode } from '../door/checks.js'
import { Decoder } from '../door/decoder.js'
import { build, parts } from '../door/dom.js'
import { Lane } from '../door/lane.js'
import { PinPad } from '../door/pinpad.js'
import { bestReading, hearPastes, ScannerKeys } from '../door/scanner.js'
import { Settings } from '../door/settings.js'
import { refusalOf } from '../door/signon.js'
import { figureOf, Sounds } from '../door/sounds.js'
import { openStation } from '../door/station.js'
import { Updates } from '../door/updates.js'
import { heldFor } from './corner.js'
import { Printer } from './printer.js'
import { Screen } from './screen.js'

const SHOWN_MS = 8_000
const QUIET_MS = 45_000
const LONGEST_CODE = 200

class Kiosk {
  #kiosk
  #part
  #screen
  #lane = new Lane({ greenMs: SHOWN_MS, honourMs: 0, settleMs: 0, patienceMs: 4_000 })
  #station
  #settings
  #updates
  #camera
  #decoder = null
  #sounds = new Sounds()
  #printer = new Printer()
  #awaited = null
  #drawn = ''
  #hasPicked = false
  #isClosed = false
  #timers = { quiet: 0, outcome: 0 }

  constructor(kiosk, root) {
    this.#kiosk = kiosk
    this.#part = parts(root)
    this.#screen = new Screen(root, kiosk)
    this.#camera = new Camera(this.#part('video'), { onLost: () => this.#screen.camera('starting') })
    this.#wireLobby(root)
    this.#wireFinding()
    this.#wireStaff()
  }

  async start() {
    this.#screen.speak(this.#kiosk.language)
    const { language, urls } = this.#kiosk
    this.#station = await openStation(this.#kiosk, { lane: this.#lane, language, on: this.#hearing() })
    this.#settings = await Settings.open(this.#station)
    await this.#lockDoor()
    this.#updates = new Updates({ isIdle: () => document.body.dataset.screen === 'attract' && this.#station.isIdle })
    await Promise.all([this.#station.start(), this.#startCamera(), this.#updates.start(urls.worker, '/door')])
  }

  /** What guests are not told, the desk sees in its list of devices. */
  #hearing() {
    const nothing = () => {}
    return {
      change: () => this.#draw(),
      revoked: () => this.#close(),
      moved: ({ profile }) => profile === this.#kiosk.device.profile || this.#leaveFor(this.#kiosk.urls.door),
      ...{ state: nothing, count: nothing, gates: nothing, fetched: nothing, refused: nothing, stewardGone: nothing },
    }
  }

  #wireLobby(root) {
    new ScannerKeys(root, (text) => this.#readCode(text, 'scanner'))
    hearPastes(root, (text) => this.#readCode(text, 'typed'))
    this.#part('camera-start').addEventListener('click', () => this.#startCamera())
    this.#part('tongues').addEventListener('click', ({ target }) => this.#pick(target.closest('button')?.value))
    this.#part('no-code').addEventListener('click', () => this.#screen.open('find'))
    this.#part('outcome-done').addEventListener('click', () => this.#dismiss())
    for (const gesture of ['pointerdown', 'keydown']) {
      root.addEventListener(gesture, () => this.#used(), { capture: true })
    }
  }

  #wireFinding() {
    this.#part('find-form').addEventListener('submit', (event) => this.#find(event))
    for (const name of ['find-back', 'choose-none']) {
      this.#part(name).addEventListener('click', () => this.#toLobby())
    }
  }

  #wireStaff() {
    const pad = new PinPad(this.#part('staff-pad'), { words: this.#screen.words, onPin: (pin) => this.#leave(pin, pad) })
    this.#part('staff-back').addEventListener('click', () => this.#toLobby())
    heldFor(this.#part('corner'), () => {
      pad.clear()
      this.#screen.open('staff')
    })
  }

  #pick(language) {
    if (!language) return
    this.#hasPicked = true
    this.#screen.speak(language)
    this.#screen.lobby({ isAttracting: false })
  }

  #used() {
    this.#sounds.unlock()
    clearTimeout(this.#timers.quiet)
    this.#timers.quiet = setTimeout(() => this.#lane.isIdle && this.#toAttract(), QUIET_MS)
  }

  #toLobby() {
    if (this.#isClosed) return this.#shut()
    this.#part('find-form').reset()
    this.#part('find-said').textContent = ''
    this.#part('choices').replaceChildren()
    this.#screen.lobby({ isAttracting: !this.#hasPicked })
  }

  /** As nobody had been here: the house's language, nothing typed. */
  #toAttract() {
    this.#hasPicked = false
    this.#screen.speak(this.#kiosk.language)
    this.#toLobby()
  }

  async #find(event) {
    event.preventDefault()
    const { digits, surname } = Object.fromEntries(new FormData(event.target))
    const body = { digits: digits.normalize('NFKC'), surname: surname.trim() }
    this.#part('find-go').disabled = true
    const answer = await this.#station.ask(this.#kiosk.urls.kiosk_find, { method: 'POST', body })
    this.#part('find-go').disabled = false
    if (answer.ok && answer.data.guests.length) this.#offer(answer.data.guests)
    else this.#part('find-said').textContent = this.#screen.words[isMissed(answer) ? 'not_found' : 'desk']
  }

  #offer(guests) {
    const rows = guests.map((guest) => {
      const button = build('button', { type: 'button' }, [guest.name, build('small', {}, [guest.organisation])])
      button.addEventListener('click', () => this.#read({ guest_id: guest.id }, 'search'))
      return build('li', {}, [button])
    })
    this.#part('choices').replaceChildren(...rows)
    this.#screen.open('choose')
  }

  #readCode(text, source) {
    if (isTestCode(text) || !this.#part('staff').hidden) return
    this.#read({ code: text.slice(0, LONGEST_CODE) }, source)
  }

  async #read(subject, source) {
    if (this.#isClosed || !this.#station) return
    const scan = this.#station.scan(subject, { gate: this.#kiosk.gate.id, direction: 'entry', isRehearsal: false })
    const item = { id: scan.id, key: subject.code ?? subject.guest_id, label: '', source, isCode: true, by: '', scan }
    const awaited = this.#awaited
    this.#awaited = scan.id
    const isNew = await this.#station.checkpoint.read(item)
    if (!isNew) this.#awaited = awaited
  }

  #draw() {
    const { name, item, silent } = this.#lane.screen(performance.now())
    const drawn = `${item?.id} ${name}`
    if (drawn === this.#drawn) return
    this.#drawn = drawn
    clearTimeout(this.#timers.outcome)
    if (!item) return this.#toAttract()
    // What an upload brought to light is told to a lead; nobody who stands here now is meant.
    if (silent || item.id !== this.#awaited) return this.#dismiss()
    this.#show(name, item)
  }

  #show(name, { result }) {
    if (name === 'reading') {
      this.#screen.looking()
      this.#timers.outcome = setTimeout(() => this.#draw(), Math.max(0, this.#lane.nextChange() - performance.now()))
      return
    }
    if (!this.#hasPicked) this.#screen.speak(result?.guest?.language ?? this.#kiosk.language)
    if (result?.admits) this.#welcome(name, result)
    else this.#screen.desk()
    this.#sounds.play(figureOf(result?.admits ? 'admitted' : 'no_answer'))
    this.#timers.outcome = setTimeout(() => this.#dismiss(), SHOWN_MS)
  }

  async #welcome(name, result) {
    const isFirst = name === 'admitted' || name === 'admitted_vip'
    const prints = isFirst && Boolean(result.guest?.id) && !result.offline
    this.#screen.welcome(result.guest, { todo: prints ? 'printing' : isFirst ? 'badge_at_desk' : 'admitted' })
    if (!prints) return
    const isPrinted = await this.#printer.print(this.#kiosk.urls.badge.replace('{guest}', result.guest.id))
    if (!isPrinted && !this.#lane.isIdle) this.#screen.welcome(result.guest, { todo: 'badge_at_desk' })
  }

  #dismiss() {
    this.#awaited = null
    this.#lane.dismiss(performance.now())
    this.#draw()
  }

  /** The device was shut out: nobody checks in here any more, and whoever pairs it again finds no old lock. */
  #close() {
    this.#isClosed = true
    this.#settings.remember({ isLocked: false })
    this.#updates?.forget()
    this.#shut()
  }

  #shut() {
    this.#screen.desk()
    this.#part('outcome-done').hidden = true
  }

  /** The door is one address away from whoever stands here. Somebody who is signed in and tries the kiosk has no PIN. */
  async #lockDoor() {
    if (this.#kiosk.device) await this.#settings.remember({ isLocked: true })
  }

  async #leave(pin, pad) {
    const { duty, ask } = this.#station
    const { urls } = this.#kiosk
    if (await duty.verify(pin)) return this.#leaveFor(urls.leave)
    const answer = await ask(urls.sign_on, { method: 'POST', body: { pin } })
    if (!answer.ok) {
      pad.clear(refusalOf(answer, this.#screen.words))
      return pad.focus()
    }
    await duty.signOn({ ...answer.data, pin })
    return this.#leaveFor(urls.leave)
  }

  /** A steward, or the desk, turns this device from guests to staff. */
  async #leaveFor(url) {
    await this.#settings.remember({ isLocked: false })
    location.assign(url)
  }

  async #startCamera() {
    this.#screen.camera('starting')
    const { ok, reason } = await this.#camera.start()
    this.#screen.camera(ok ? 'on' : 'off', reason)
    if (ok && !this.#decoder) this.#watch()
  }

  #watch() {
    this.#decoder = new Decoder({ onBroken: () => this.#screen.camera('off', 'decoder_broken') })
    this.#camera.watch(async (image) => {
      const text = await this.#decoder.read(image)
      if (text) this.#readCode(bestReading([text]), 'camera')
    })
  }
}

/** Whether nobody was found, or what was typed cannot be anybody's; anything else is no fault of the guest. */
function isMissed({ ok, status }) {
  return ok || status === 422
}

new Kiosk(JSON.parse(document.querySelector('#kiosk').textContent), document).start()
