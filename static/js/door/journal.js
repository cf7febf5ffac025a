/**
 * What this device did and the manifest does not know yet: so that a guest who came in here a minute ago, offline, is
 * inside when scanned again. An act leaves the journal once the server has it and a manifest was asked for after that.
 * station.js owns it; the writes that it asks for go into the transaction of whoever caused them.
 */

import { after, NOWHERE } from './presence.js'

export class Journal {
  #acts = new Map()
  #bySubject = new Map()

  /** `kept`: the acts of the store `journal`. */
  constructor(kept = []) {
    for (const act of kept) this.#add(act)
  }

  /**
   * Notes an act: `{id, subjects, isRehearsal, direction, counts, at, gate, zone, by, before}`. `subjects`: the guest's id
   * and the ticket's hash, as far as known; `before`: the presence that an undo brings back. Answers the write.
   */
  note(act) {
    this.#add({ isUndone: false, settledAt: null, ...act })
    return this.#put(act.id)
  }

  /** The server has the act, which counts or does not. */
  settle(id, { counts, at }) {
    return this.#change(id, { counts, settledAt: at })
  }

  /** The act was taken back; `isUndone` false: it was not, after all. */
  undo(id, { isUndone = true } = {}) {
    return this.#change(id, { isUndone, settledAt: null })
  }

  /** The server has the undo. */
  undone(id, { at }) {
    return this.#change(id, { settledAt: at })
  }

  /** Where a guest is: `base` from the manifest, and what was done here since. A rehearsal knows only itself. */
  presenceOf(subjects, base, { isRehearsal = false } = {}) {
    const acts = this.#of(subjects).filter((act) => act.isRehearsal === isRehearsal)
    return acts.reduce(
      (presence, act) => (act.isUndone ? act.before : after(presence, act)),
      isRehearsal ? NOWHERE : base,
    )
  }

  /** By how many people a zone is fuller than the manifest says; `baseOf(subjects)` is a presence as it knows it. */
  shiftOf(zone, baseOf, { isRehearsal = false } = {}) {
    const acts = [...this.#acts.values()].filter((act) => act.isRehearsal === isRehearsal && act.subjects.length)
    const people = new Map(acts.map((act) => [act.subjects[0], act.subjects]))
    let shift = 0
    for (const subjects of people.values()) {
      const base = isRehearsal ? NOWHERE : baseOf(subjects)
      shift += isIn(this.presenceOf(subjects, base, { isRehearsal }), zone) - isIn(base, zone)
    }
    return shift
  }

  /** A manifest asked for at `askedAt` has arrived: what was settled before that stands in it. Answers the writes. */
  prune(askedAt) {
    const known = [...this.#acts.values()].filter((act) => isKnown(act, askedAt))
    for (const act of known) this.#remove(act)
    return known.map(({ id }) => ({ store: 'journal', key: id, drop: true }))
  }

  #of(subjects) {
    const acts = new Set(subjects.flatMap((subject) => this.#bySubject.get(subject) ?? []))
    return [...acts].sort((left, right) => left.at - right.at)
  }

  #add(act) {
    this.#acts.set(act.id, act)
    for (const subject of act.subjects) {
      this.#bySubject.set(subject, [...(this.#bySubject.get(subject) ?? []), act])
    }
  }

  #remove(act) {
    this.#acts.delete(act.id)
    for (const subject of act.subjects) {
      const others = this.#bySubject.get(subject).filter((other) => other !== act)
      if (others.length) this.#bySubject.set(subject, others)
      else this.#bySubject.delete(subject)
    }
  }

  #change(id, changes) {
    const act = this.#acts.get(id)
    if (!act) return []
    Object.assign(act, changes)
    return this.#put(id)
  }

  #put(id) {
    return [{ store: 'journal', key: id, value: this.#acts.get(id) }]
  }
}

function isKnown(act, askedAt) {
  return !act.isRehearsal && act.settledAt !== null && act.settledAt < askedAt
}

function isIn(presence, zone) {
  return Number(presence.inside && presence.zone === zone)
}
