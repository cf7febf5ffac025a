import assert from 'node:assert/strict'
import { beforeEach, test } from 'node:test'

import { Notices } from '../../static/js/door/notices.js'

let elements, notices

beforeEach(() => {
  elements = {}
  const part = (name) => (elements[name] ??= Object.assign(new EventTarget(), { hidden: true, inert: false, dataset: {}, focus: () => {} }))
  const root = { querySelector: (selector) => part(/"(.+)"/.exec(selector)[1]) }
  notices = new Notices(root, { words: {}, onTakeOver: () => {} })
  for (const name of ['lock', 'station']) part(name)
})

const looks = () => [elements.blocked.hidden, elements.station.inert]

test('a door that may not scan is covered until it may', () => {
  notices.block('second_tab')
  assert.deepEqual(looks(), [false, true])

  notices.unblock()

  assert.deepEqual(looks(), [true, false])
})

test('a door that is locked stays so when it may scan', () => {
  notices.block('second_tab')
  Object.assign(elements.lock, { hidden: false })

  notices.unblock()

  assert.deepEqual(looks(), [true, true])
})
