/**
 * Hardware scanners, which type what they read. A scanner is told from a person by its speed, and its keys are read by
 * their place on the keyboard (`code`), because under a Chinese input method `key` is only "Process".
 * `KeyBurst` is the pure part; `ScannerKeys` and `hearPastes` listen to a document and give door.js what was read.
 */

import { LENGTH, SCHEME, parse, plain } from '../ticket.js'

const PAUSE_MS = 80
const MEAN_GAP_MS = 35
const FEWEST_KEYS = 5
const LONGEST_TEXT = 200
const ENDS = new Set(['Enter', 'NumpadEnter', 'Tab'])
const SHIFTED_DIGITS = ')!@#$%^&*('
const PUNCTUATION = {
  Minus: '-_', Equal: '=+', Slash: '/?', Period: '.>', Comma: ',<', Semicolon: ';:', Quote: '\'"', Space: '  ',
  BracketLeft: '[{', BracketRight: ']}', Backslash: '\\|', Backquote: '`~',
  NumpadAdd: '++', NumpadSubtract: '--', NumpadDivide: '//', NumpadMultiply: '**', NumpadDecimal: '..',
}

/** Keys as they come in, until they end as a scan or turn out to be somebody typing. */
export class KeyBurst {
  #keys = []

  /**
   * Takes a keydown: `{code, key, shiftKey, ctrlKey, altKey, metaKey, repeat, timeStamp}`. Answers `{taken, readings}`:
   * whether the key belongs to a scanner, and, at the end of a scan, what it may have meant, the likeliest first.
   */
  press(event) {
    if (ENDS.has(event.code) || ENDS.has(event.key)) return this.#end()
    const late = this.pause(event.timeStamp)
    const typed = symbols(event)
    if (typed) this.#keys.push({ ...typed, at: event.timeStamp })
    return { taken: Boolean(typed) && this.#isScan(), readings: late }
  }

  /** Time passes: answers the readings of a scan that ended without Enter or Tab, else null. */
  pause(now) {
    const last = this.#keys.at(-1)
    return last && now - last.at >= PAUSE_MS ? this.#end().readings : null
  }

  /** Whether no key is waiting to be told apart. */
  get isEmpty() {
    return this.#keys.length === 0
  }

  #end() {
    const isScan = this.#isScan()
    const readings = isScan ? readingsOf(this.#keys) : null
    this.#keys = []
    return { taken: isScan, readings }
  }

  #isScan() {
    const count = this.#keys.length
    if (count < FEWEST_KEYS) return false
    return (this.#keys.at(-1).at - this.#keys[0].at) / (count - 1) <= MEAN_GAP_MS
  }
}

/** Wires the keys of a document to `onScan(text)`; a field that had the focus gets back what was in it. */
export class ScannerKeys {
  #burst = new KeyBurst()
  #onScan
  #timer = 0
  #before = null

  constructor(target, onScan) {
    this.#onScan = onScan
    target.addEventListener('keydown', (event) => this.#press(event), { capture: true })
  }

  #press(event) {
    if (this.#burst.isEmpty) this.#before = fieldState(event.target)
    const { taken, readings } = this.#burst.press(event)
    if (taken) {
      event.preventDefault()
      event.stopImmediatePropagation()
    }
    this.#finish(readings)
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#finish(this.#burst.pause(Infinity)), PAUSE_MS)
  }

  #finish(readings) {
    if (!readings) return
    restore(this.#before)
    this.#onScan(bestReading(readings))
  }
}

/** Gives `onScan(text)` whatever is pasted outside of fields; the search field takes a pasted code by itself. */
export function hearPastes(target, onScan) {
  target.addEventListener('paste', (event) => {
    if (event.target.closest?.('input, select, textarea')) return
    const text = event.clipboardData?.getData('text/plain').trim()
    if (text) onScan(bestReading([text]))
  })
}

/** The reading that holds a ticket code, as that code; else the likeliest reading as it stands. */
export function bestReading(readings) {
  for (const reading of readings) {
    const code = codeWithin(reading)
    if (code) return code
  }
  return readings[0].slice(0, LONGEST_TEXT)
}

/** The ticket code in a text, also between a prefix and a suffix that a scanner was told to add; else null. */
export function codeWithin(text) {
  const whole = parse(text)
  if (whole) return whole.text
  const symbols = plain(text.slice(0, LONGEST_TEXT))
  for (let at = symbols.indexOf(SCHEME); at >= 0; at = symbols.indexOf(SCHEME, at + 1)) {
    const code = parse(symbols.slice(at, at + LENGTH))
    if (code) return code.text
  }
  return null
}

function symbols({ code, key, shiftKey, ctrlKey, altKey, metaKey, repeat }) {
  if (ctrlKey || altKey || metaKey || repeat) return null
  const byPlace = symbolAt(code, shiftKey)
  const byName = key?.length === 1 ? key : byPlace
  return byPlace || byName ? { byPlace: byPlace || byName, byName } : null
}

/** The character at a place of the American keyboard, or ''. */
export function symbolAt(code, shifted) {
  if (/^Key[A-Z]$/.test(code)) return shifted ? code[3] : code[3].toLowerCase()
  if (/^Digit\d$/.test(code)) return shifted ? SHIFTED_DIGITS[Number(code[5])] : code[5]
  if (/^Numpad\d$/.test(code)) return code[6]
  return PUNCTUATION[code]?.[shifted ? 1 : 0] ?? ''
}

/** By place and by name: they differ when the scanner and the computer are set to different keyboards. */
function readingsOf(keys) {
  const byPlace = keys.map((key) => key.byPlace).join('')
  const byName = keys.map((key) => key.byName).join('')
  return byName === byPlace ? [byPlace] : [byPlace, byName]
}

function fieldState(element) {
  const holdsText = element instanceof HTMLInputElement || element instanceof HTMLSelectElement
  return holdsText ? { element, value: element.value } : null
}

/** Puts back what the field held. Leaving it first ends what an input method was composing. */
function restore(before) {
  if (!before) return
  const { element, value } = before
  const isChoice = element instanceof HTMLSelectElement
  if (isChoice && element.value === value) return
  element.blur()
  element.value = value
  if (!isChoice) element.focus()
  element.dispatchEvent(new Event(isChoice ? 'change' : 'input', { bubbles: true }))
}
