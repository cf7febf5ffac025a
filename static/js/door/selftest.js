/**
 * The self-test before the doors open: camera, sound, a test code, hardware scanner and input method, clock, data,
 * storage, printer. Each line says by sign and word how it stands, and one line at the end whether the station is ready.
 * Nothing of it is sent.
 *
 *     const selfTest = new SelfTest(document, {
 *       words,
 *       probes: {
 *         camera() → Promise<{ok, reason?}>,     // starts the camera; reason is a word key
 *         sound() → Promise<boolean>,            // plays a figure; whether there is sound at all
 *         clock() → ms that the device's clock is behind, or null,
 *         data() → {at: ms since 1970 or null, held: guests},
 *         storage() → Promise<{persisted, quota, usage}>,   // optional: the browser is asked
 *       },
 *     })
 *     selfTest.show(); selfTest.isOpen; selfTest.close()
 *     selfTest.takes(text, {source})   // ask before reading any code: true means that it is no scan (the test code
 *                                      // always; any code while the panel is open). source: camera, scanner, typed
 *
 * The page parts are `self-test`, `self-test-open`, `self-test-result`, `self-test-video`, and for each check
 * `check-NAME`, with `check-NAME-do` where there is something to press.
 */

import { clockCheck, dataCheck, isTestCode, methodCheck, missingIn, scannerCheck, storageCheck } from './checks.js'
import { parts } from './dom.js'
import { fill } from './format.js'
import { KeyReport } from './keyreport.js'
import { Panel } from './panel.js'

const CHECKS = ['camera', 'sound', 'code', 'scanner', 'method', 'clock', 'data', 'storage', 'printer']
const AGAIN_MS = 3_000
const SIGNS = { ok: 'check', warn: 'alert', fail: 'cross', open: 'open' }

export class SelfTest {
  #part
  #words
  #probes
  #panel
  #keys = new KeyReport()
  #timer = 0
  #states = Object.fromEntries(CHECKS.map((name) => [name, 'open']))

  constructor(root, { words, probes }) {
    this.#part = parts(root)
    this.#words = words
    this.#probes = { storage: storageFacts, ...probes }
    this.#panel = new Panel(root, 'self-test', { onClose: () => this.#stop() })
    this.#part('self-test-open').addEventListener('click', () => this.show())
    this.#wire()
    // Before the scanner's own listener, which keeps the keys of a scan to itself.
    addEventListener('keydown', (event) => this.isOpen && this.#heard(event), { capture: true })
  }

  get isOpen() {
    return this.#panel.isOpen
  }

  show() {
    this.#panel.open()
    clearInterval(this.#timer)
    this.#timer = setInterval(() => this.#measure(), AGAIN_MS)
    this.#measure()
  }

  close() {
    this.#panel.close()
  }

  takes(text, { source }) {
    if (!isTestCode(text)) return this.isOpen
    this.#set('code', { state: 'ok', text: this.#words[`test_code_${source === 'camera' ? 'camera' : 'scanner'}`] })
    if (source === 'camera') this.#set('camera', { state: 'ok', text: this.#words.test_camera_reads })
    return true
  }

  #wire() {
    this.#on('check-camera-do', () => this.#tryCamera())
    this.#on('check-sound-do', () => this.#trySound())
    this.#on('check-sound-yes', () => this.#answered('sound', true))
    this.#on('check-sound-no', () => this.#answered('sound', false))
    this.#on('check-printer-do', () => this.#tryPrinter())
    this.#on('check-printer-yes', () => this.#answered('printer', true))
    this.#on('check-printer-no', () => this.#answered('printer', false))
  }

  #on(part, act) {
    this.#part(part).addEventListener('click', act)
  }

  async #measure() {
    this.#set('clock', clockCheck(this.#probes.clock(), this.#words))
    this.#set('data', dataCheck(this.#probes.data(), this.#words, Date.now()))
    this.#set('storage', storageCheck(await this.#probes.storage(), this.#words))
  }

  async #tryCamera() {
    const { ok, reason } = await this.#probes.camera()
    if (!ok) return this.#set('camera', { state: 'fail', text: this.#words[reason] })
    const film = this.#part('self-test-video')
    film.srcObject = this.#part('video').srcObject
    film.hidden = false
    await film.play().catch(() => {})
    if (this.#states.camera !== 'ok') this.#set('camera', { state: 'open', text: this.#words.test_camera_hold })
  }

  #stop() {
    clearInterval(this.#timer)
    this.#part('self-test-video').srcObject = null
    this.#part('self-test-video').hidden = true
  }

  async #trySound() {
    const isOn = await this.#probes.sound()
    if (!isOn) return this.#set('sound', { state: 'fail', text: this.#words.test_sound_off })
    this.#set('sound', { state: 'open', text: this.#words.test_sound_ask })
    this.#ask('sound', true)
  }

  #tryPrinter() {
    this.#set('printer', { state: 'open', text: this.#words.test_printer_ask })
    this.#ask('printer', true)
    print()
  }

  #answered(name, isGood) {
    this.#ask(name, false)
    this.#set(name, { state: isGood ? 'ok' : 'fail', text: this.#words[`test_${name}_${isGood ? 'yes' : 'no'}`] })
  }

  #ask(name, isAsked) {
    this.#part(`check-${name}-ask`).hidden = !isAsked
    this.#part(`check-${name}-do`).hidden = isAsked
  }

  #heard(event) {
    this.#keys.press(event)
    const { said } = this.#keys
    if (said.count < 2) return
    if (this.#states.scanner !== 'ok' || said.isScanner) this.#set('scanner', scannerCheck(said, this.#words))
    this.#set('method', methodCheck(said, this.#words))
  }

  #set(name, { state, text }) {
    this.#states[name] = state
    const row = this.#part(`check-${name}`)
    row.dataset.state = state
    row.querySelector('use').setAttribute('href', `#icon-${SIGNS[state]}`)
    row.querySelector('.check-state').textContent = this.#words[`test_state_${state}`]
    row.querySelector('.check-said').textContent = text
    this.#conclude()
  }

  #conclude() {
    const missing = missingIn(this.#states)
    const names = missing.map((name) => this.#words[`test_${name}`]).join(this.#words.comma)
    const result = this.#part('self-test-result')
    result.dataset.state = missing.length ? 'open' : 'ok'
    result.textContent = missing.length ? fill(this.#words.test_not_ready, { names }) : this.#words.test_ready
  }
}

/** How safe the browser's storage is; asks for it to be kept. */
async function storageFacts() {
  const { storage } = navigator
  if (!storage) return { persisted: false, quota: 0, usage: 0 }
  const persisted = (await storage.persisted()) || (await storage.persist())
  return { persisted, ...(await storage.estimate()) }
}
