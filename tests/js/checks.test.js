import assert from 'node:assert/strict'
import { test } from 'node:test'

import {
  clockCheck, dataCheck, isTestCode, methodCheck, missingIn, scannerCheck, storageCheck,
} from '../../static/js/door/checks.js'

const NOW = 1_800_000_000_000
const MINUTE = 60_000
const WORDS = new Proxy({ seconds: '{count} s', minutes: '{count} min' }, {
  get: (words, name) => words[name] ?? `${name} {time} {held} {minutes} {free} {text} {gap} {places} {names}`,
})

/** The state, and the values that were filled in. */
const said = ({ state, text }) => `${state}: ${text.replaceAll(/ \{\w+\}/g, '')}`

for (const [text, is] of [
  ['YINGBIN-TEST', true],
  [' yingbin-test\n', true],
  ['YINGBINßTEST', false],
  ['yingbintest', true],
  ['YINGBIN-TEST-2', false],
  ['Y1H7K2MD0K5GFWVSMMT919J8J2FG', false],
]) {
  test(`${JSON.stringify(text)} is ${is ? 'the' : 'no'} test code`, () => {
    assert.equal(isTestCode(text), is)
  })
}

for (const [skewMs, looks] of [
  [null, 'open: test_clock_unknown'],
  [400, 'ok: test_clock_near 0.4 s'],
  [-5_000, 'ok: test_clock_near 5.0 s'],
  [-5_001, 'warn: test_clock_far 5.0 s'],
  [420_000, 'warn: test_clock_far 7 min'],
]) {
  test(`a clock that is ${skewMs} ms behind: ${looks}`, () => {
    assert.equal(said(clockCheck(skewMs, WORDS)), looks)
  })
}

for (const [facts, looks] of [
  [{ at: null, held: 0 }, 'warn: test_data_none'],
  [{ at: NOW - 2 * MINUTE, held: 286 }, 'ok: test_data_held 286 2'],
  [{ at: NOW - 16 * MINUTE, held: 286 }, 'warn: test_data_held 286 16'],
  [{ at: NOW + MINUTE, held: 1 }, 'ok: test_data_held 1 0'],
]) {
  test(`a guest list: ${looks}`, () => {
    assert.equal(said(dataCheck(facts, WORDS, NOW)), looks)
  })
}

for (const [facts, looks] of [
  [{ persisted: true, quota: 12e9, usage: 2e9 }, 'ok: test_storage_ok 10.0'],
  [{ persisted: false, quota: 12e9, usage: 2e9 }, 'warn: test_storage_unsure 10.0'],
  [{ persisted: true, quota: 60e6, usage: 20e6 }, 'fail: test_storage_full'],
  [{ persisted: false, quota: 0, usage: 0 }, 'fail: test_storage_none'],
]) {
  test(`storage: ${looks}`, () => {
    assert.equal(said(storageCheck(facts, WORDS)), looks)
  })
}

test('a scanner is told from a person by how fast it types', () => {
  const texts = [
    { count: 0, gapMs: null, places: '', isScanner: false },
    { count: 12, gapMs: 8, places: 'YINGBIN-TEST', isScanner: true },
    { count: 4, gapMs: 140, places: 'chen', isScanner: false },
  ]

  assert.deepEqual(texts.map((keys) => said(scannerCheck(keys, WORDS))), [
    'open: test_scanner_open',
    'ok: test_scanner_heard YINGBIN-TEST 8',
    'open: test_scanner_person chen 140',
  ])
})

test('an input method is told, and is fine', () => {
  const keys = { count: 4, places: 'chen', names: '····', hasInputMethod: true }

  assert.deepEqual(
    [methodCheck({ ...keys, count: 1 }, WORDS), methodCheck(keys, WORDS), methodCheck({ ...keys, hasInputMethod: false }, WORDS)].map(said),
    ['open: test_method_open', 'ok: test_method_on chen ····', 'ok: test_method_off chen ····'],
  )
})

const GOOD = { camera: 'open', scanner: 'open', code: 'open', sound: 'ok', clock: 'warn', data: 'warn', storage: 'ok' }
for (const [how, states, missing] of [
  ['nothing reads', {}, ['reader']],
  ['a camera reads', { camera: 'ok' }, []],
  ['a scanner reads', { scanner: 'ok' }, []],
  ['the test code was read', { code: 'ok' }, []],
  ['nobody listened', { code: 'ok', sound: 'open' }, ['sound']],
  ['nothing can be kept', { code: 'ok', storage: 'fail', sound: 'fail' }, ['sound', 'storage']],
]) {
  test(`when ${how}, ${missing.join(' and ') || 'nothing'} is missing`, () => {
    assert.deepEqual(missingIn({ ...GOOD, ...states }), missing)
  })
}
