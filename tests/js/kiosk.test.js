import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

import { heldFor } from '../../static/js/kiosk/corner.js'
import { lengthOf } from '../../static/js/kiosk/screen.js'

let corner, times

beforeEach((t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  corner = new EventTarget()
  times = 0
  heldFor(corner, () => (times += 1))
})

const happens = (type, more = {}) => corner.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), more))

test('a corner that is held opens once', (t) => {
  happens('pointerdown')
  t.mock.timers.tick(1500)

  t.mock.timers.tick(5000)

  assert.equal(times, 1)
})

for (const ending of ['pointerup', 'pointerleave', 'pointercancel', 'blur']) {
  test(`a corner that is let go by ${ending} does not open`, (t) => {
    happens('pointerdown')
    t.mock.timers.tick(1499)

    happens(ending)
    t.mock.timers.tick(5000)

    assert.equal(times, 0)
  })
}

test('a key that is held opens it too, though it repeats', (t) => {
  happens('keydown', { key: 'Enter' })
  t.mock.timers.tick(1000)
  happens('keydown', { key: 'Enter', repeat: true })

  t.mock.timers.tick(500)

  assert.equal(times, 1)
})

test('any other key does nothing', (t) => {
  happens('keydown', { key: 'a' })

  t.mock.timers.tick(5000)

  assert.equal(times, 0)
})

for (const [name, length] of [
  ['李国栋', 'short'],
  ['欧阳晓彤', 'short'],
  ['Li Na', 'short'],
  ['阿卜杜热合曼·买买提', 'middle'],
  ['Maria Rodrigues', 'middle'],
  ['Maria da Conceição Rodrigues do Nascimento Sá', 'long'],
]) {
  test(`${name} is ${length}`, () => {
    assert.equal(lengthOf(name), length)
  })
}
