/**
 * The lines of the master of ceremonies and where in them somebody stands: pure, no page, no network. What was changed
 * since it was last passed or tapped is told by holding each line against what was seen of it. Owned by mc.js.
 */

const WAS_SHOWN = 400

export class CueBook {
  #cues
  #language
  #at = null
  #seen = {}
  #gone = 0

  /** `cues`: as the server has them. `kept`: what `kept()` gave when the page was closed. */
  constructor(cues, language, kept = {}) {
    this.#cues = cues
    this.#seen = kept.seen ?? {}
    this.#gone = kept.gone ?? 0
    this.speak(language)
    this.#at = this.#isSpoken(kept.at) ? kept.at : (this.#following(kept.order ?? [], kept.at) ?? this.#spoken[0]?.key ?? null)
    this.#compare()
  }

  get version() {
    return this.#cues.version
  }

  /** When the server read these lines. */
  get at() {
    return this.#cues.at
  }

  get language() {
    return this.#language
  }

  /** The languages in which something is announced. */
  get languages() {
    return this.#cues.languages
  }

  /** All lines in order, notices of what left the order among them. */
  get lines() {
    return this.#cues.lines[this.#language] ?? []
  }

  /** Where one stands, from 1, and among how many. */
  get place() {
    return { place: this.#index + 1, count: this.#spoken.length }
  }

  get previous() {
    return this.#spoken[this.#index - 1] ?? null
  }

  get current() {
    return this.#spoken[this.#index] ?? null
  }

  get next() {
    return this.#spoken[this.#index + 1] ?? null
  }

  /** What left the order between the line before and this one, or after the last one with null. */
  noticesBefore(line) {
    const end = line ? this.lines.findIndex(({ key }) => key === line.key) : this.lines.length
    const before = this.lines.slice(0, end)
    return before.slice(before.findLastIndex(({ spoken }) => spoken) + 1)
  }

  /** The round that is going on as `{round, number, state}`, or null. */
  get onStage() {
    return this.#cues.on_stage
  }

  /** Whether the line that is read belongs to the round that is going on. */
  get isOnStage() {
    return Boolean(this.onStage) && this.current?.round_id === this.onStage.round
  }

  speak(language) {
    this.#language = language in this.#cues.lines ? language : Object.keys(this.#cues.lines)[0]
  }

  /** One line on or back; what is left behind counts as seen. Answers whether there was one. */
  turn(step) {
    const line = step > 0 ? this.next : this.previous
    if (!line) return false
    this.#pass(step > 0 ? this.noticesBefore(this.next) : this.noticesBefore(this.current))
    this.#at = line.key
    return true
  }

  first() {
    this.#leaveFor(this.#spoken[0])
  }

  last() {
    this.#leaveFor(this.#spoken.at(-1))
  }

  /** To a line; to the nearest one that is read out, where it is a notice. */
  go(key) {
    this.#leaveFor(this.#isSpoken(key) ? { key } : this.lines.slice(this.#place(key)).find(({ spoken }) => spoken))
  }

  /** To the first line of the round that is going on. */
  goOnStage() {
    this.#leaveFor(this.#spoken.find(({ round_id: round }) => round === this.onStage?.round))
  }

  /** Newer lines. One stays where one is; where that line is no more, at the next one that is still there. */
  take(cues) {
    const order = this.#spoken.map(({ key }) => key)
    this.#cues = cues
    if (!this.#isSpoken(this.#at)) this.#at = this.#following(order, this.#at) ?? this.#spoken[0]?.key ?? null
    this.#compare()
  }

  /** `{kind: 'changed' | 'new', was}`, or null for a line that is as it was seen. */
  changeOf({ key, digest, sentence }) {
    const seen = this.#seen[this.#language]?.[key]
    if (!seen) return { kind: 'new', was: '' }
    if (seen.digest === digest) return null
    return { kind: 'changed', was: seen.sentence === sentence ? '' : seen.sentence }
  }

  /** The lines that are not as they were seen. */
  get changes() {
    return this.lines.filter((line) => this.changeOf(line))
  }

  /** How many lines went away without a notice in their place. */
  get gone() {
    return this.#gone
  }

  /** Somebody has looked at a line; without one, at what went away. */
  acknowledge(key) {
    if (!key) this.#gone = 0
    for (const [language, lines] of Object.entries(this.#cues.lines)) {
      const line = lines.find((each) => each.key === key)
      if (line) this.#seen[language] = { ...this.#seen[language], [key]: glanceAt(line) }
    }
  }

  /** What must outlive the page. */
  kept() {
    return { at: this.#at, order: this.#spoken.map(({ key }) => key), seen: this.#seen, gone: this.#gone }
  }

  get #spoken() {
    return this.lines.filter(({ spoken }) => spoken)
  }

  get #index() {
    return this.#spoken.findIndex(({ key }) => key === this.#at)
  }

  #place(key) {
    return Math.max(0, this.lines.findIndex((line) => line.key === key))
  }

  #isSpoken(key) {
    return this.#spoken.some((line) => line.key === key)
  }

  #leaveFor(line) {
    if (!line) return
    if (line.key !== this.#at) this.#pass([])
    this.#at = line.key
  }

  #pass(notices) {
    for (const line of [this.current, ...notices]) if (line) this.acknowledge(line.key)
  }

  /** The first key after `key` in an order of once that is still there, else the last one before it. */
  #following(order, key) {
    const place = order.indexOf(key)
    if (place < 0) return null
    const isThere = (each) => this.#isSpoken(each)
    return order.slice(place).find(isThere) ?? order.slice(0, place).findLast(isThere) ?? null
  }

  /** Lines in a language that was never seen count as seen; what is there no more is forgotten, and counted once. */
  #compare() {
    for (const [language, lines] of Object.entries(this.#cues.lines)) {
      const seen = this.#seen[language]
      if (!seen) this.#seen[language] = Object.fromEntries(lines.map((line) => [line.key, glanceAt(line)]))
      else this.#forget(seen, lines, language === this.#language)
    }
  }

  #forget(seen, lines, isCounted) {
    const there = new Set(lines.map(({ key }) => key))
    const noticed = new Set(lines.filter(({ spoken }) => !spoken).map(({ key }) => subjectOf(key)))
    for (const key of Object.keys(seen).filter((each) => !there.has(each))) {
      delete seen[key]
      if (isCounted && !noticed.has(subjectOf(key)) && !wasNotice(key)) this.#gone += 1
    }
  }
}

function glanceAt({ digest, sentence }) {
  return { digest, sentence: sentence.slice(0, WAS_SHOWN) }
}

/** The round or segment that a line is about: `round:id:call` is about `round:id`. */
function subjectOf(key) {
  return key.split(':').slice(0, 2).join(':')
}

function wasNotice(key) {
  return /:(postponed|withdrawn)$/.test(key)
}
