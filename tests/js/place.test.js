import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'

import { Place } from '../../static/js/door/place.js'

let addresses

beforeEach(() => {
  addresses = []
  globalThis.location = { href: 'https://door.example/door/launch' }
  globalThis.history = { replaceState: (_state, _title, url) => addresses.push(url.search) }
})

afterEach(() => {
  delete globalThis.location
  delete globalThis.history
})

/** A chooser as a browser has it: what is no option cannot be its value. */
class Chooser {
  options = []
  #value = ''

  get value() {
    return this.#value
  }

  set value(value) {
    this.#value = this.options.some((option) => option.value === value) ? value : ''
  }

  get selectedOptions() {
    return this.options.filter(({ value }) => value === this.#value)
  }
}

function place(...gates) {
  const chooser = new Chooser()
  const elements = { gate: chooser, 'gate-name': {}, languages: { querySelectorAll: () => [] } }
  const kept = []
  const offer = (names) => Object.assign(chooser, { options: names.map((value) => ({ value, textContent: value })) })
  offer(gates).value = gates[0]
  const station = { remember: (_name, settings) => kept.push(settings.moved.gate) }
  const door = new Place({ part: (name) => elements[name], view: {}, station, device: { id: 'd', gate_id: 'north' } })
  return { door, kept, offer }
}

test('the desk moves the device to another gate', () => {
  const { door, kept } = place('north', 'south')

  door.moved('south')

  assert.deepEqual([door.gate, kept, addresses], ['south', ['south'], ['?gate=south']])
})

test('a gate that the device does not know yet is taken once it does', () => {
  const { door, kept, offer } = place('north')
  door.moved('south')
  assert.deepEqual([door.gate, kept, addresses], ['north', [], []])

  offer(['north', 'south'])
  door.moved('south')

  assert.deepEqual([door.gate, kept], ['south', ['south']])
})

test('where the device belongs already it is not moved, for a lead may have chosen another gate', () => {
  const { door, kept } = place('south', 'north')

  door.moved('north')

  assert.deepEqual([door.gate, kept], ['south', []])
})
