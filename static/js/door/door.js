/**
 * The door page's controller: wires camera, hardware scanner and search field to the station, which decides, keeps and
 * sends (station.js), and what the lane says to the screen. All that it needs stands in the page as JSON (`#door`). Started
 * by checkin/templates/door.html.
 */

import { grouped, parse } from '../ticket.js'
import { build, parts } from './dom.js'
import { Eyes } from './eyes.js'
import { Lane } from './lane.js'
import { Lease } from './lease.js'
import { Notices } from './notices.js'
import { Panels } from './panels.js'
import { Place } from './place.js'
import { bestReading, hearPastes, ScannerKeys } from './scanner.js'
import { MOST_ROWS, SearchField } from './search.js'
import { Settings } from './settings.js'
import { figureOf, Sounds } from './sounds.js'
import { openStation } from './station.js'
import { twoTaps } from './taps.js'
import { Updates } from './updates.js'
import { View } from './view.js'

const LONGEST_CODE = 200
const LONGEST_LABEL = 60
const TYPED_MS = 400
const WRONG_CLOCK_MS = 300_000
const OLD_DATA_MS = 3_600_000

class Door {
  #door
  #words
  #part
  #zone
  #lane = new Lane()
  #sounds = new Sounds()
  #view
  #notices
  #lease
  #takeOver = () => {}
  #station
  #panels
  #updates
  #eyes
  #place
  #isRevoked = false
  #drawn = ''
  #listed = null
  #timer = 0
  #undoing = new Set()
  #lock = null

  constructor(door, root) {
    this.#door = door
    this.#words = door.messages
    this.#part = parts(root)
    this.#zone = { language: document.documentElement.lang, timeZone: door.timezone }
    const known = {
      leaderOf: ({ leader_id: id }) => this.#station?.guests.guest(id) ?? null,
      membersOf: ({ id }) => this.#station?.guests.members(id) ?? [],
      onParty: (guest) => this.#panels.party(this.#station.guests.guest(guest.id) ?? guest),
    }
    const { lead: isLead, device } = door
    this.#view = new View(root, { words: door.messages, zone: this.#zone, isLead, isBound: Boolean(device), ...known })
    this.#notices = new Notices(root, { words: door.messages, onTakeOver: () => this.#takeOver() })
    this.#eyes = new Eyes({ part: this.#part, view: this.#view, onText: (text) => this.#readCode(text, 'camera') })
    this.#lease = new Lease(`yingbin.door.${door.event.id}`)
  }

  async start() {
    await this.#becomeTheScanner()
    this.#station = await openStation(this.#door, { lane: this.#lane, language: this.#zone.language, on: this.#hearing() })
    this.#place = new Place({ part: this.#part, view: this.#view, station: this.#station, device: this.#door.device })
    const [settings] = await Promise.all([Settings.open(this.#station), this.#place.restore()])
    this.#openPanels(settings)
    this.#wireScanning()
    this.#wireVerdict()
    this.#wireHouse()
    this.#draw()
    if (!this.#isRevoked) this.#notices.unblock()
    mark('door-ready')
    await Promise.all([this.#station.start(), this.#startUpdates(), this.#eyes.resume()])
  }

  /** Returns when no other tab of this browser scans for the event. */
  async #becomeTheScanner() {
    const onLost = () => location.reload()
    const taken = new Promise((resolve) => {
      this.#takeOver = () => this.#lease.takeOver({ onLost }).then(resolve)
    })
    await Promise.race([taken, this.#lease.hold({ onLost, onWait: () => this.#notices.block('second_tab') })])
  }

  #hearing() {
    return {
      change: () => this.#draw(),
      state: (state) => this.#stateChanged(state),
      count: (count) => this.#view.count(count),
      gates: (gates) => this.#gatesChanged(gates),
      fetched: () => this.#listFetched(),
      moved: (device) => this.#moved(device),
      refused: (_entry, { message }) => this.#view.notice(message),
      revoked: (waiting) => this.#revoked(waiting),
      stewardGone: () => this.#panels.signOff(),
    }
  }

  #openPanels(settings) {
    const on = {
      guest: (guest) => this.#readGuest(guest, 'party'),
      lead: (isLead, isSomebody) => this.#dutyChanged(isLead, isSomebody),
      confirm: (guest) => this.#confirm(guest),
      camera: () => this.#eyes.start(),
      sound: () => this.#trySound(),
    }
    this.#panels = new Panels(document, { door: this.#door, zone: this.#zone, station: this.#station, settings, on })
    if (this.#door.opens === 'self-test') this.#panels.showSelfTest()
  }

  #wireScanning() {
    new ScannerKeys(document, (text) => this.#readCode(text, 'scanner'))
    hearPastes(document, (text) => this.#readCode(text, 'typed'))
    const search = { field: this.#part('search'), list: this.#part('found'), status: this.#part('search-status') }
    new SearchField(search, {
      words: this.#words,
      zone: this.#zone,
      find: (query) => this.#find(query),
      onGuest: (guest) => this.#readGuest(guest, 'search'),
      onCode: (text) => this.#readCode(bestReading([text]), 'typed'),
    })
    this.#eyes.wire()
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
    this.#part('verdict-party').addEventListener('click', () => this.#openParty())
    this.#part('confirm').addEventListener('click', () => this.#confirm(this.#shown.item.result.guest))
    twoTaps(this.#part('verdict-override'), this.#words.override_confirm, () =>
      this.#override(this.#words.override_reason),
    )
  }

  #wireHouse() {
    this.#place.wire()
    const again = this.#part('signed-out').querySelector('a')
    again.href = this.#place.addressWith({ fresh: '1' })
    document.addEventListener('pointerdown', () => this.#wake(), { capture: true })
    // Making sound possible takes a while the first time; a scanner's next keys must not wait for it.
    document.addEventListener('keydown', () => setTimeout(() => this.#wake(), TYPED_MS), { capture: true })
    document.addEventListener('visibilitychange', () => this.#keepAwake())
    addEventListener('online', () => this.#station.refresh())
  }

  get #shown() {
    return this.#lane.screen(performance.now())
  }

  /** By the device's own list at once; by the server's where the device has none, or knows nobody of that name. */
  async #find(query) {
    const guests = this.#station.guests.seek(query, MOST_ROWS)
    if (guests?.length) return { ok: true, data: { guests } }
    const answer = await this.#station.ask(`${this.#door.urls.search}${encodeURIComponent(query)}&limit=${MOST_ROWS}`)
    return guests && !answer.ok ? { ok: true, data: { guests } } : answer
  }

  #readCode(text, source) {
    if (this.#panels.takes(text, { source })) return
    const code = parse(text)
    const label = code ? grouped(code.text) : text.slice(0, LONGEST_LABEL)
    this.#read({ code: text.slice(0, LONGEST_CODE) }, { label, source, isCode: true, key: code?.text ?? text })
  }

  #readGuest(guest, source) {
    this.#read({ guest_id: guest.id }, { label: guest.name, source, key: guest.id })
  }

  #read(subject, { label, source, key, isCode = false, override }) {
    if (this.#isRevoked) return
    const { gate, direction } = this.#place
    const { isRehearsal, by } = this.#panels
    const scan = this.#station.scan(subject, { gate, direction, override, isRehearsal })
    const same = [key, gate, direction, isRehearsal, override && scan.id].join(' ')
    this.#panels.used()
    const readAt = performance.now()
    this.#station.checkpoint.read({ id: scan.id, key: same, label, source, isCode, by, scan }, () => {
      mark('door-decoded', readAt)
      this.#sounds.play('read')
    })
  }

  /** A lead puts it on record; for anybody else the person counts as inside already, so there is nothing to record. */
  #samePerson() {
    if (this.#panels.isLead) this.#override(this.#words.same_person)
    else this.#view.instruct('reentered.do')
  }

  #override(reason) {
    const { item } = this.#shown
    this.#again(item, { source: 'override', override: { reason } })
  }

  #again({ scan: { code, guest_id: id }, key, label, result }, how) {
    const subject = id ? { guest_id: id } : { code }
    this.#read(subject, { label: result?.guest?.name ?? label, key, isCode: !id, ...how })
  }

  #openParty() {
    const { guest } = this.#shown.item.result
    const leader = this.#station.guests.guest(guest.id) ?? guest
    this.#lane.putAside(performance.now())
    this.#draw()
    this.#panels.party(leader)
  }

  /** A lead confirms whoever stands here, who is then let in like everybody else. */
  async #confirm(guest) {
    const url = this.#door.urls.confirm.replace('{guest}', guest.id)
    const answer = await this.#station.ask(url, { method: 'POST', body: {} })
    if (!answer.ok) return this.#view.notice(answer.problem?.detail ?? this.#words['no_answer.word'])
    await this.#station.refresh()
    this.#read({ guest_id: guest.id }, { label: guest.name, source: 'confirmed', key: `${guest.id} confirmed` })
  }

  #dismiss() {
    const isClosed = this.#lane.dismiss(performance.now())
    this.#draw()
    return isClosed
  }

  #draw() {
    const now = performance.now()
    const screen = this.#lane.screen(now)
    const drawn = `${screen.item?.id} ${screen.name} ${screen.item?.guest?.id}`
    if (drawn !== this.#drawn) {
      this.#drawn = drawn
      this.#view.show(screen)
      if (!screen.silent && screen.name !== 'reading') this.#sounds.play(figureOf(screen.name))
      mark(screen.name === 'reading' ? 'door-named' : 'door-shown')
    }
    this.#drawRecent()
    clearTimeout(this.#timer)
    const next = this.#lane.nextChange()
    if (next !== null) this.#timer = setTimeout(() => this.#tick(), Math.max(0, next - now))
  }

  #drawRecent() {
    const items = this.#lane.recent()
    const listed = items.map((item) => this.#asListed(item)).join()
    if (listed === this.#listed) return
    this.#listed = listed
    this.#view.recent(items, (item) => this.#undoButton(item))
  }

  /** All that the row of a scan depends on. */
  #asListed({ id, result, undone }) {
    const leads = Boolean(result?.guest && this.#station.guests.members(result.guest.id).length)
    return [id, result?.verdict, undone, this.#undoing.has(id), leads]
  }

  #tick() {
    this.#lane.tick(performance.now())
    this.#draw()
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
    const { credential: steward } = this.#station.duty
    const how = { reason: this.#words.undo_reason, steward, isLead: this.#panels.isLead }
    const { ok } = await this.#station.checkpoint.undo(item.id, how)
    this.#undoing.delete(item.id)
    this.#view.notice(ok ? '' : this.#words.undo_failed)
    this.#draw()
  }

  #stateChanged(state) {
    this.#view.connection(state)
    this.#warn('warn_memory', state.memoryOnly)
    this.#warn('warn_storage', state.storageLow)
    this.#warn('warn_lost', state.lost)
    this.#warn('warn_refused', state.refused > 0, { count: state.refused })
    this.#warn('warn_insecure', !isSecureContext)
    const skewMs = Math.abs(this.#station?.skewMs ?? 0)
    this.#warn('warn_clock', skewMs > WRONG_CLOCK_MS, { minutes: Math.round(skewMs / 60_000) })
    const ageMs = state.dataAt === null ? 0 : Date.now() - state.dataAt
    this.#warn('warn_old', ageMs > OLD_DATA_MS, { hours: Math.floor(ageMs / 3_600_000) })
  }

  #warn(name, isSo, values) {
    if (isSo) this.#notices.warn(name, values)
    else this.#notices.clear(name)
  }

  #dutyChanged(isLead, isSomebody) {
    this.#view.lead(isLead)
    this.#warn('warn_nobody', !isSomebody)
  }

  /** Companions may have come with it. */
  #listFetched() {
    this.#view.companions(this.#shown)
    this.#drawRecent()
  }

  #gatesChanged(gates) {
    this.#place.refreshed(gates)
    this.#panels.refreshed()
  }

  /** The desk sent this device to another gate, gave it another language, or made a kiosk of it. */
  #moved({ gate, profile, language }) {
    const { device } = this.#door
    if (profile !== device.profile) location.assign(this.#place.addressWith({ fresh: '1' }))
    else if (language !== device.language) location.assign(this.#place.addressWith({ lang: language }))
    else this.#place.moved(gate)
  }

  #revoked(waiting) {
    this.#isRevoked = true
    this.#notices.block('device_revoked', { count: waiting })
    this.#updates?.forget()
  }

  async #startUpdates() {
    const isIdle = () => this.#station.isIdle && !this.#panels.isBusy && document.activeElement !== this.#part('search')
    this.#updates = new Updates({ isIdle, onWaiting: () => this.#notices.warn('warn_update') })
    if (this.#isRevoked) return this.#updates.forget()
    await this.#updates.start(this.#door.urls.worker, '/door')
  }

  async #trySound() {
    const isOn = await this.#sounds.unlock()
    this.#sounds.play('green')
    return isOn
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

/** Notes when something happened last, for whoever measures the door. */
function mark(name, startTime = performance.now()) {
  performance.clearMarks(name)
  performance.mark(name, { startTime })
}

new Door(JSON.parse(document.querySelector('#door').textContent), document).start()
