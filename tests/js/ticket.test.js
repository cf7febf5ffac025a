import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { ALPHABET, digest, grouped, LENGTH, parse } from '../../static/js/ticket.js'

const VECTORS = JSON.parse(readFileSync(new URL('../vectors/tickets.json', import.meta.url), 'utf8'))

for (const { tag, secret, text } of VECTORS.codes) {
  test(`a printed code is taken apart: ${text}`, () => {
    assert.deepEqual(parse(text), { tag, secret, text })
  })
}

for (const { text, grouped: shown, sha256 } of VECTORS.codes) {
  test(`a code is grouped for print and hashed for manifests: ${text}`, async () => {
    assert.deepEqual([grouped(text), await digest(text)], [shown, sha256])
  })
}

for (const { name, typed, text } of VECTORS.reads) {
  test(`a code is read however it is typed: ${name}`, () => {
    assert.equal(parse(typed)?.text, text)
  })
}

for (const { name, typed } of VECTORS.refuses) {
  test(`what is no code is refused: ${name}`, () => {
    assert.equal(parse(typed), null)
  })
}

test('every single substitution in a code is caught', () => {
  const { text } = VECTORS.codes[0]
  const wrong = Array.from({ length: LENGTH }, (_, place) =>
    [...ALPHABET].filter((other) => other !== text[place]).map((other) => replaced(text, place, other)),
  ).flat()

  assert.equal(wrong.length, LENGTH * (ALPHABET.length - 1))
  assert.deepEqual(wrong.filter(parse), [])
})

function replaced(text, place, other) {
  return text.slice(0, place) + other + text.slice(place + 1)
}
