import assert from 'node:assert/strict'
import { afterEach, beforeEach, test } from 'node:test'

import { Overlay } from '../../static/js/door/overlay.js'

const ZONE = { language: 'en', timeZone: 'Asia/Hong_Kong' }
const LEADER = { id: 'li', name: '李国栋' }
const GREETED = { id: 'scan', guest: null, result: { verdict: 'admitted_vip', admits: true, guest: LEADER } }

/** As much of an element as the overlay touches. */
class Element extends EventTarget {
  dataset = {}
  style = { setProperty: () => {} }
  classList = { toggle: () => {}, remove: () => {} }
  textContent = ''
  hidden = true
  inert = false
  setAttribute() {}
  replaceChildren() {}
  focus() {}
  closest = () => this
  parentElement = { clientWidth: 400 }
}

let companions, elements, fits, overlay

beforeEach(() => {
  const part = (name) => (elements[name] ??= new Element())
  elements = {}
  fits = 0
  companions = []
  globalThis.window = { get innerHeight() {
    fits += 1
    return 800
  } }
  globalThis.document = { documentElement: { lang: 'en' }, activeElement: new Element() }
  const root = { querySelector: (selector) => part(/"(.+)"/.exec(selector)[1]) }
  overlay = new Overlay(root, { words: {}, zone: ZONE, leaderOf: () => null, membersOf: () => companions })
})

afterEach(() => {
  delete globalThis.window
  delete globalThis.document
})

test('a leader whose companions are known is shown with the way to them', () => {
  companions = [{ id: 'wu' }]

  overlay.show('admitted_vip', GREETED)

  assert.equal(elements['verdict-party'].hidden, false)
})

test('companions that come while the leader stands there are offered, and nothing else changes', () => {
  overlay.show('admitted_vip', GREETED)
  const before = { party: elements['verdict-party'].hidden, fits }
  elements['verdict-do'].textContent = 'as the steward was told'
  elements.announcer.textContent = 'as it was said'
  companions = [{ id: 'wu' }]

  overlay.companions('admitted_vip', GREETED)

  assert.deepEqual([before.party, elements['verdict-party'].hidden], [true, false])
  assert.ok(fits > before.fits)
  assert.equal(elements['verdict-do'].textContent, 'as the steward was told')
  assert.equal(elements.announcer.textContent, 'as it was said')
})

test('a list that brings no companions leaves the screen as it is', () => {
  overlay.show('admitted_vip', GREETED)
  const before = fits

  overlay.companions('admitted_vip', GREETED)

  assert.deepEqual([elements['verdict-party'].hidden, fits], [true, before])
})

test('nobody is offered before there is a verdict', () => {
  const read = { id: 'scan', label: 'Y1', guest: LEADER, result: null }
  overlay.show('reading', read)
  companions = [{ id: 'wu' }]

  overlay.companions('reading', read)

  assert.equal(elements['verdict-party'].hidden, true)
})
