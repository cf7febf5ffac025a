import assert from 'node:assert/strict'
import { test } from 'node:test'

import { KeyReport } from '../../static/js/door/keyreport.js'

/** Presses the letters of `text` every `gapMs`, as a keyboard or an input method would. */
function typed(text, { gapMs, key = (letter) => letter, start = 0, report = new KeyReport() }) {
  for (const [index, letter] of [...text].entries()) {
    report.press({ code: `Key${letter.toUpperCase()}`, key: key(letter), shiftKey: false, timeStamp: start + index * gapMs })
  }
  return report
}

test('a scanner is known by its speed', () => {
  const { said } = typed('testcode', { gapMs: 8 })

  assert.deepEqual(said, { places: 'testcode', names: 'testcode', count: 8, gapMs: 8, isScanner: true, hasInputMethod: false })
})

test('a person is slower', () => {
  const { said } = typed('chenwei', { gapMs: 120 })

  assert.deepEqual([said.gapMs, said.isScanner], [120, false])
})

test('under an input method keys have no name, but a place', () => {
  const { said } = typed('testcode', { gapMs: 8, key: () => 'Process' })

  assert.deepEqual([said.places, said.names, said.hasInputMethod, said.isScanner], ['testcode', '········', true, true])
})

test('after a pause it begins anew', () => {
  const report = typed('abc', { gapMs: 8 })

  typed('xyz', { gapMs: 8, start: 1000, report })

  assert.equal(report.said.places, 'xyz')
})

test('keys without a character are not reported, and one key has no speed', () => {
  const report = typed('a', { gapMs: 8 })

  report.press({ code: 'ShiftLeft', key: 'Shift', shiftKey: true, timeStamp: 4 })

  assert.deepEqual([report.said.count, report.said.gapMs, report.said.isScanner], [1, null, false])
})

test('what is reported stays short', () => {
  assert.equal(typed('a'.repeat(90), { gapMs: 8 }).said.count, 60)
})
