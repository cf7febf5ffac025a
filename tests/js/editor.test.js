import assert from 'node:assert/strict'
import test from 'node:test'

import { newRows } from '../../static/js/stage/editor.js'

test('rows that arrived are new when the page does not show them yet', () => {
  const shown = [{ id: 'person-0' }, { id: 'person-4' }]
  const arrived = [{ id: 'person-0' }, { id: 'person-4' }, { id: 'person-5' }]

  assert.deepEqual(newRows(shown, arrived), [{ id: 'person-5' }])
  assert.deepEqual(newRows(arrived, shown), [])
})
