import assert from 'node:assert/strict'
import { test } from 'node:test'

import { strokesOf, thinned } from '../../static/js/stage/strokes.js'

const ROOMY = { points: 20_000, bytes: 200_000 }

/** A stroke as signature_pad has it. */
function stroke(count, begun = 1_000) {
  const points = Array.from({ length: count }, (_, place) => ({ x: place + 0.123456, y: place, time: begun + 16 * place, pressure: 0.56789 }))
  return { penColor: 'black', points }
}

test('points are told in pixels and milliseconds since the first one, and nothing else of the pen', () => {
  const strokes = strokesOf([stroke(2), stroke(1, 2_000)], ROOMY)

  assert.deepEqual(strokes, [
    { points: [{ x: 0.12, y: 0, time: 0, pressure: 0.568 }, { x: 1.12, y: 1, time: 16, pressure: 0.568 }] },
    { points: [{ x: 0.12, y: 0, time: 1_000, pressure: 0.568 }] },
  ])
})

test('a long signature is thinned until it is small enough, and keeps where each stroke begins and ends', () => {
  const strokes = strokesOf([stroke(9_000), stroke(3)], ROOMY)

  const [long, short] = strokes
  assert.ok(JSON.stringify(strokes).length <= ROOMY.bytes)
  assert.ok(long.points.length > 2_000)
  assert.deepEqual([long.points[0].x, long.points.at(-1).x], [0.12, 8_999.12])
  assert.deepEqual(short.points.at(-1).x, 2.12)
})

test('a signature of more points than are taken is thinned too', () => {
  const [long] = strokesOf([stroke(101)], { points: 60, bytes: 200_000 })

  assert.equal(long.points.length, 51)
})

test('what cannot be thinned any more is told as it is', () => {
  const strokes = strokesOf([stroke(1), stroke(1)], { points: 1, bytes: 10 })

  assert.equal(strokes.length, 2)
})

test('every so manieth point is kept, and the last', () => {
  assert.deepEqual(thinned([1, 2, 3, 4, 5, 6], 4), [1, 5, 6])
})
