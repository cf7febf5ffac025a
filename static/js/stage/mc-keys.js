/** What turns the lines: keys, a presenter's clicker, which sends keys too, and a finger. Pure; asked by mc.js. */

const TURNS = {
  ArrowRight: 'next',
  ArrowDown: 'next',
  PageDown: 'next',
  Enter: 'next',
  ' ': 'next',
  ArrowLeft: 'previous',
  ArrowUp: 'previous',
  PageUp: 'previous',
  Home: 'first',
  End: 'last',
}
const PRESSES = new Set(['Enter', ' '])
const LEAST_PX = 60
const STEEPEST = 0.6
const LONGEST_MS = 900

/** `next`, `previous`, `first`, `last`, or null. `isOnControl`: a button has the focus, and its own keys are its own. */
export function turnFor({ key, shiftKey, ctrlKey, altKey, metaKey, repeat }, isOnControl = false) {
  if (ctrlKey || altKey || metaKey || repeat || (isOnControl && PRESSES.has(key))) return null
  return key === ' ' && shiftKey ? 'previous' : (TURNS[key] ?? null)
}

/** Where a finger went: leftward is on, as a page is turned; a slow or slanting one scrolls or selects. */
export function swipeFor({ dx, dy, ms }) {
  if (Math.abs(dx) < LEAST_PX || Math.abs(dy) > Math.abs(dx) * STEEPEST || ms > LONGEST_MS) return null
  return dx < 0 ? 'next' : 'previous'
}
