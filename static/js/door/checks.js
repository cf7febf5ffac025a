/**
 * What the self-test makes of its measurements: pure. Each answers `{state, text}`; `state` is `ok`, `warn`, `fail` or
 * `open` (not tried yet). Called by selftest.js.
 */

import { fill } from './format.js'

export const TEST_CODE = 'YINGBIN-TEST'
const MINUTE_MS = 60_000
const LARGEST_SKEW_MS = 5_000
const FRESH_MS = 15 * MINUTE_MS
const LITTLE_BYTES = 50e6

/** Whether this is the code of the self-test, which is recognised and never sent, whatever became of its hyphen. */
export function isTestCode(text) {
  return lettersOf(text) === lettersOf(TEST_CODE)
}

export function clockCheck(skewMs, words) {
  if (skewMs === null) return { state: 'open', text: words.test_clock_unknown }
  const seconds = Math.abs(skewMs) / 1000
  const time = seconds < 90 ? fill(words.seconds, { count: seconds.toFixed(1) }) : fill(words.minutes, { count: Math.round(seconds / 60) })
  const isNear = Math.abs(skewMs) <= LARGEST_SKEW_MS
  return { state: isNear ? 'ok' : 'warn', text: fill(isNear ? words.test_clock_near : words.test_clock_far, { time }) }
}

export function dataCheck({ at, held }, words, now) {
  if (at === null) return { state: 'warn', text: words.test_data_none }
  const minutes = Math.max(0, Math.floor((now - at) / MINUTE_MS))
  return { state: now - at <= FRESH_MS ? 'ok' : 'warn', text: fill(words.test_data_held, { held, minutes }) }
}

export function storageCheck({ persisted, quota, usage }, words) {
  if (!quota) return { state: 'fail', text: words.test_storage_none }
  const free = quota - usage
  const gigabytes = (free / 1e9).toFixed(1)
  if (free < LITTLE_BYTES) return { state: 'fail', text: words.test_storage_full }
  if (!persisted) return { state: 'warn', text: fill(words.test_storage_unsure, { free: gigabytes }) }
  return { state: 'ok', text: fill(words.test_storage_ok, { free: gigabytes }) }
}

/** `said` is what `KeyReport` tells. */
export function scannerCheck({ isScanner, count, gapMs, places }, words) {
  if (isScanner) return { state: 'ok', text: fill(words.test_scanner_heard, { text: places, gap: gapMs }) }
  if (count < 2) return { state: 'open', text: words.test_scanner_open }
  return { state: 'open', text: fill(words.test_scanner_person, { text: places, gap: gapMs }) }
}

export function methodCheck({ hasInputMethod, count, places, names }, words) {
  if (count < 2) return { state: 'open', text: words.test_method_open }
  return { state: 'ok', text: fill(hasInputMethod ? words.test_method_on : words.test_method_off, { places, names }) }
}

/** What is missing before the door may open, by the names of the checks: a camera or a scanner will do. */
export function missingIn(states) {
  const canRead = states.camera === 'ok' || states.scanner === 'ok' || states.code === 'ok'
  const needed = ['sound', 'clock', 'data', 'storage'].filter((name) => states[name] === 'fail' || states[name] === 'open')
  return canRead ? needed : ['reader', ...needed]
}

function lettersOf(text) {
  return text.toUpperCase().replaceAll(/[\s\p{P}]/gu, '')
}
