/**
 * The verdict of the device: gathers what it knows (manifest, roster, journal) as facts for ../verdict.js, and answers as
 * the server would. Called by station.js for every scan, before the server is asked.
 */

import { parse } from '../ticket.js'
import { judge } from '../verdict.js'
import { NOWHERE } from './presence.js'

const NEAREST = { 'zh-Hans': ['zh_hans', 'zh_hant', 'en'], 'zh-Hant': ['zh_hant', 'zh_hans', 'en'], en: ['en', 'zh_hans', 'zh_hant'] }

export class Bench {
  #manifest
  #roster
  #journal
  #language

  constructor({ manifest, roster, journal, language }) {
    this.#manifest = manifest
    this.#roster = roster
    this.#journal = journal
    this.#language = language
  }

  /**
   * Judges a scan as it would be sent, at `at` (ms, the server's time as far as known). `hash`: of its code, or null.
   * Answers `{result, subjects, presence, gate}`, or null where the device does not know enough to judge at all.
   */
  judge(scan, { hash, at }) {
    const gate = this.#manifest.gates.find(({ id }) => id === scan.gate)
    if (!this.#manifest.isHere || !gate) return null
    const { guest, ticket } = this.#found(scan, hash)
    const subjects = [guest?.id, hash].filter(Boolean)
    const isRehearsal = Boolean(scan.rehearsal)
    const presence = this.#journal.presenceOf(subjects, presenceIn(guest), { isRehearsal })
    const verdict = judge({
      ticket,
      guest: guest && this.#facts(guest, gate),
      gate: isRehearsal ? { ...gate, opens_at: null, closes_at: null } : gate,
      history: { ...presence, first: told(presence.first), zone_count: this.#inside(gate, isRehearsal) },
      at: new Date(at).toISOString(),
      direction: scan.direction,
      mode: 'offline',
      overridden: Boolean(scan.override),
    })
    const repeat = verdict.code === 'valid_unsynced' && presence.inside
    const result = resultOf(scan, repeat ? repeated(presence) : verdict, guest && this.shown(guest))
    return { result, subjects: ticket.standing === 'unknown' ? [] : subjects, presence, gate }
  }

  /** A guest as the screen shows one. */
  shown(guest) {
    const category = this.#category(guest)
    const { id, name, name_latin, organisation, job_title, language, status, pick_slot, leader_id } = guest
    const person = { id, name, name_latin, organisation, job_title, language, status, pick_slot, leader_id }
    const colours = { category_name: this.say(category?.name), category_colour: category?.colour }
    return { ...person, category: guest.category, ...colours }
  }

  /** A guest as a list shows one: with where they are. */
  listed(guest) {
    const { inside, first } = this.#journal.presenceOf([guest.id, guest.ticket].filter(Boolean), presenceIn(guest))
    return { ...this.shown(guest), inside, first_at: told(first)?.at ?? null }
  }

  /** Words that the manifest carries in three languages, in the page's or the nearest. */
  say(text) {
    return NEAREST[this.#language].map((field) => text?.[field]).find(Boolean) ?? ''
  }

  #found(scan, hash) {
    if (scan.guest_id) {
      const guest = this.#roster.guest(scan.guest_id)
      return { guest, ticket: { standing: guest ? 'issued' : 'unknown' } }
    }
    const holder = this.#roster.holder(hash)
    if (holder) return { guest: holder, ticket: { standing: 'issued' } }
    const withdrawn = this.#manifest.revoked(hash)
    if (withdrawn) return { guest: this.#cancelled(withdrawn), ticket: { standing: 'revoked', reason: withdrawn.reason } }
    if (this.#manifest.isMinted(hash)) return { guest: null, ticket: { standing: 'reserved' } }
    const isOthers = (parse(scan.code)?.tag ?? this.#manifest.tag) !== this.#manifest.tag
    return { guest: null, ticket: { standing: isOthers ? 'other_event' : 'unknown' } }
  }

  #cancelled({ guestId }) {
    return guestId ? this.#roster.guest(guestId) : null
  }

  #facts(guest, gate) {
    const facts = { status: guest.status, category: guest.category, reason: guest.status_reason ?? '' }
    const attention = Boolean(this.#category(guest)?.attention)
    return { ...facts, attention, elsewhere: admits(gate, guest) ? '' : this.#elsewhere(guest) }
  }

  /** Nobody is sent to a booth. */
  #elsewhere(guest) {
    return this.#manifest.gates.find((gate) => gate.kind !== 'booth' && admits(gate, guest))?.name ?? ''
  }

  #category(guest) {
    return this.#manifest.categories.find(({ key }) => key === guest.category)
  }

  #inside({ zone, limit }, isRehearsal) {
    if (limit === null || limit === undefined) return 0
    const baseOf = ([subject]) => presenceIn(this.#roster.guest(subject))
    const counted = isRehearsal ? 0 : this.#manifest.inZone(zone)
    return counted + this.#journal.shiftOf(zone, baseOf, { isRehearsal })
  }
}

/** Where the manifest says that a guest is. */
export function presenceIn(guest) {
  if (!guest) return NOWHERE
  const { first_at, first_gate: gate, first_by: by, inside, zone, exited, last_at } = guest
  const first = first_at ? { at: Date.parse(first_at), gate, by } : null
  return { first, inside: Boolean(inside), zone: zone ?? '', exited: Boolean(exited), lastAt: last_at ? Date.parse(last_at) : null }
}

function admits(gate, guest) {
  return !gate.admits?.length || gate.admits.includes(guest.category)
}

/** A genuine ticket whose holder is not on the device yet lets one person in, not two. */
function repeated({ first }) {
  return { code: 'already_inside', admits: false, needs: 'choose', since: told(first), reason: '', bound: null }
}

function resultOf(scan, { code, admits: lets, needs, since, reason, bound }, guest) {
  const first = since && { ...since, at: new Date(since.at).toISOString() }
  const marks = { offline: true, ...(scan.rehearsal && { rehearsal: true }) }
  return { id: scan.id, verdict: code, admits: lets, needs, reason, bound, guest, first, conflict: false, ...marks }
}

function told(first) {
  return first && { ...first, at: new Date(first.at).toISOString() }
}
