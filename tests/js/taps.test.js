import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

import { twoTaps } from '../../static/js/door/taps.js'

let button, acted

beforeEach(() => {
  acted = 0
  button = Object.assign(new EventTarget(), { textContent: 'Undo', classList: new Set() })
  button.classList.remove = button.classList.delete
  twoTaps(button, 'Tap again', () => (acted += 1))
})

const tap = () => button.dispatchEvent(new Event('click'))
const looks = () => [button.textContent, button.classList.has('is-armed'), acted]

test('one tap asks and does nothing else', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })

  tap()

  assert.deepEqual(looks(), ['Tap again', true, 0])
})

test('a second tap within three seconds acts once', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  tap()
  t.mock.timers.tick(2999)

  tap()

  assert.deepEqual(looks(), ['Undo', false, 1])
})

test('a second tap after three seconds asks again', (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] })
  tap()
  t.mock.timers.tick(3000)
  assert.deepEqual(looks(), ['Undo', false, 0])

  tap()

  assert.deepEqual(looks(), ['Tap again', true, 0])
})
