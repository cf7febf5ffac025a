import assert from 'node:assert/strict'
import { test } from 'node:test'

import { preferred } from '../../static/js/door/decoder.js'

const CODE = 'Y1H7K2MD0K5GFWVSMMT919J8J2FG'

for (const [what, texts, read] of [
  ['nothing in view is nothing', [], null],
  ['an empty code is nothing', ['', '  '], null],
  ['a ticket is read', [CODE], CODE],
  ['a ticket is read beside a poster', ['https://poster.example/', CODE], CODE],
  ['a pass link is read as its ticket', [`HTTPS://DOOR.EXAMPLE/T/${CODE}`], CODE],
  ['something else alone is read as it is, to be refused', ['https://poster.example/'], 'https://poster.example/'],
]) {
  test(what, () => {
    assert.equal(preferred(texts), read)
  })
}
