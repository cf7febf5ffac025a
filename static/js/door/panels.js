/**
 * Joins what stands over the idle door (sign-on, lock, party, walk-in, self-test, rehearsal) to the station behind it.
 * door.js owns it and is asked for what only the door can do: read a guest, start the camera, play a sound.
 */

import { StationLock } from './lock.js'
import { Party } from './party.js'
import { Rehearsal } from './rehearsal.js'
import { SelfTest } from './selftest.js'
import { SignOn } from './signon.js'
import { WalkIn } from './walkin.js'

const LOOK_EVERY_MS = 30_000

export class Panels {
  #door
  #station
  #settings
  #onLead
  #signOn = null
  #lock
  #party
  #walkIn
  #selfTest
  #rehearsal

  /**
   * `settings`: those of settings.js. `on`: `guest(guest)` reads one, `lead(isLead)` hears who is on duty now,
   * `confirm(guest)`; `camera()` and `sound()` are the self-test's probes.
   */
  constructor(root, { door, zone, station, settings, on }) {
    const { messages: words } = door
    this.#door = door
    this.#station = station
    this.#settings = settings
    this.#onLead = on.lead
    this.#lock = new StationLock(root, { words, ...this.#locking() })
    this.#party = new Party(root, { words, zone, onAdmit: (guests) => guests.forEach(on.guest) })
    this.#walkIn = new WalkIn(root, {
      words,
      categories: station.guests.categories,
      onWalkIn: (fields) => station.walkIn(fields),
      onConfirm: on.confirm,
    })
    this.#rehearsal = new Rehearsal(root, { words, onChange: (isRehearsal) => settings.remember({ isRehearsal }) })
    this.#rehearsal.set(settings.isRehearsal)
    setInterval(() => this.#hasBegun() && this.#rehearsal.offerEnd(), LOOK_EVERY_MS)
    const { camera, sound } = on
    const probes = { camera, sound, clock: () => station.skewMs, data: () => station.data }
    this.#selfTest = new SelfTest(root, { words, probes })
    if (door.device) this.#signOn = this.#startSignOn(root, words)
    this.#dutyChanged()
  }

  get isLocked() {
    return this.#lock.isLocked
  }

  /** Whether somebody is in the middle of something. */
  get isBusy() {
    return [this.#walkIn, this.#party, this.#selfTest, this.#signOn].some((panel) => panel?.isOpen)
  }

  get isRehearsal() {
    return this.#rehearsal.isOn
  }

  get isLead() {
    return this.#door.lead || Boolean(this.#station.duty.steward?.lead)
  }

  /** Who scans, as the next door quotes it. */
  get by() {
    return this.#station.duty.steward?.name ?? this.#door.user.name
  }

  /** Whether something over the door takes what was read for itself. */
  takes(text, { source }) {
    if (this.#lock.isLocked || this.#selfTest.takes(text, { source })) return true
    if (this.#walkIn.isOpen) this.#walkIn.scanned(text)
    return this.#walkIn.isOpen || Boolean(this.#signOn?.isOpen)
  }

  party(leader) {
    this.#party.show(leader, this.#station.guests.members(leader.id))
  }

  showSelfTest() {
    this.#selfTest.show()
  }

  /** New guests or gates have come. */
  refreshed() {
    this.#walkIn.categories(this.#station.guests.categories)
  }

  used() {
    this.#lock.used()
  }

  /** The server does not know the steward any more. */
  async signOff() {
    await this.#station.duty.signOff()
    this.#dutyChanged()
  }

  #hasBegun() {
    return this.#station.now() >= Date.parse(this.#door.starts_at)
  }

  #startSignOn(root, words) {
    const { ask, duty } = this.#station
    return new SignOn(root, {
      words,
      request: ask,
      url: this.#door.urls.sign_on,
      onSignedOn: async (steward) => {
        await duty.signOn(steward)
        this.#dutyChanged()
      },
      onSignedOff: () => this.signOff(),
    })
  }

  #locking() {
    const settings = this.#settings
    return {
      verify: (pin) => this.#verify(pin),
      onLock: () => settings.remember({ isLocked: true }),
      onUnlock: () => settings.remember({ isLocked: false }),
      onMinutes: (lockMinutes) => settings.remember({ lockMinutes }),
      minutes: settings.lockMinutes,
      isLocked: settings.isLocked,
    }
  }

  /** The PIN of whoever locked it; or another steward's, whom the server then signs on. */
  async #verify(pin) {
    const { ask, duty } = this.#station
    if (await duty.verify(pin)) return true
    const answer = await ask(this.#door.urls.sign_on, { method: 'POST', body: { pin } })
    if (!answer.ok) return false
    await duty.signOn({ ...answer.data, pin })
    this.#dutyChanged()
    return true
  }

  #dutyChanged() {
    const { steward } = this.#station.duty
    this.#signOn?.duty(steward)
    this.#lock.available(Boolean(steward))
    this.#walkIn.lead(this.isLead)
    this.#onLead(this.isLead, Boolean(steward) || !this.#door.device)
  }
}
