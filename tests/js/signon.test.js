import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Attempts } from '../../static/js/door/lock.js'
import { digitsOf } from '../../static/js/door/pinpad.js'
import { refusalOf } from '../../static/js/door/signon.js'

const WORDS = { pin_offline: 'offline', pin_wrong: 'wrong', pin_wait: 'wait {seconds} s' }

test('a PIN is six digits, also when an input method made them wide', () => {
  assert.deepEqual(['12345678', '１２３４５６', '12 34-56', 'abc', ''].map(digitsOf), ['123456', '123456', '123456', '', ''])
})

for (const [answer, said] of [
  [{ status: 401 }, 'wrong'],
  [{ status: 422 }, 'wrong'],
  [{ status: 0 }, 'offline'],
  [{ status: 429, retryAfterMs: 41_200 }, 'wait 42 s'],
  [{ status: 429, retryAfterMs: 0 }, 'wait 1 s'],
]) {
  test(`a PIN that is answered with ${answer.status} is “${said}”`, () => {
    assert.equal(refusalOf(answer, WORDS), said)
  })
}

test('whoever guesses PINs waits longer each time, a minute at the most, and not at all once it was right', () => {
  const attempts = new Attempts()
  const waits = Array.from({ length: 9 }, (_, index) => {
    attempts.wrong(index)
    return attempts.waitMs(index)
  })

  attempts.right()

  assert.deepEqual(waits, [0, 0, 5_000, 10_000, 20_000, 40_000, 60_000, 60_000, 60_000])
  assert.equal(attempts.waitMs(9), 0)
})

test('the wait passes', () => {
  const attempts = new Attempts()
  for (let time = 0; time < 3; time += 1) attempts.wrong(1000)

  assert.deepEqual([1000, 4000, 6000, 9000].map((now) => attempts.waitMs(now)), [5000, 2000, 0, 0])
})
