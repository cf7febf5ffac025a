import assert from 'node:assert/strict'
import { test } from 'node:test'

import { givenOf } from '../../static/js/door/walkin.js'

test('a walk-in is sent without blanks and without empty fields', () => {
  const typed = { name: ' 郑远　', organisation: '', phone: ' +852 5555 4321', category: '' }

  assert.deepEqual(givenOf(typed, null), { name: '郑远', phone: '+852 5555 4321' })
})

test('the code of a reserve badge goes with it', () => {
  assert.deepEqual(givenOf({ name: '郑远' }, 'Y1H7'), { name: '郑远', code: 'Y1H7' })
})

test('a name of blanks is no name', () => {
  assert.deepEqual(givenOf({ name: '　 ' }, null), {})
})
