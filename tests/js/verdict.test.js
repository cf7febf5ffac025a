import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

import { judge } from '../../static/js/verdict.js'

const VECTORS = JSON.parse(readFileSync(new URL('../vectors/verdicts.json', import.meta.url), 'utf8'))

for (const { name, given, verdict } of VECTORS.cases) {
  test(`the judge says what the table says: ${name}`, () => {
    assert.deepEqual(judge(withDefaults(given)), { since: null, reason: '', bound: null, ...verdict })
  })
}

test('facts that were left out mean what the defaults say', () => {
  const { at } = VECTORS.defaults

  const verdict = judge({ ticket: { standing: 'issued' }, guest: { status: 'confirmed' }, gate: {}, history: {}, at })

  assert.equal(verdict.code, 'admitted')
})

test('the judge agrees with its twin on every combination of facts', () => {
  const verdicts = census().map(judge)

  const lines = verdicts.map((verdict) => JSON.stringify(Object.values(verdict))).join('\n')
  assert.deepEqual(countsOf(verdicts), VECTORS.census.counts)
  assert.equal(createHash('sha256').update(lines).digest('hex'), VECTORS.census.sha256)
})

function census() {
  return Object.entries(VECTORS.census.axes).reduce(
    (rows, [name, values]) => rows.flatMap((row) => values.map((value) => ({ ...row, [name]: value }))),
    [{}],
  )
}

function withDefaults(given) {
  const facts = { ...VECTORS.defaults }
  for (const [name, value] of Object.entries(given)) {
    facts[name] = value !== null && typeof value === 'object' ? { ...facts[name], ...value } : value
  }
  return facts
}

function countsOf(verdicts) {
  const counts = {}
  for (const { code } of verdicts) counts[code] = (counts[code] ?? 0) + 1
  return counts
}
