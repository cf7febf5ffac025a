import assert from 'node:assert/strict'
import { describe, test } from 'node:test'

import { bestReading, codeWithin, hearPastes, KeyBurst } from '../../static/js/door/scanner.js'

const CODE = 'Y1H7K2MD0K5GFWVSMMT919J8J2FG'
const LINK = `https://door.example/t/${CODE}`
const SHIFTED = { ':': 'Semicolon', '?': 'Slash', _: 'Minus', '}': 'BracketRight' }
const PLAIN = { '/': 'Slash', '.': 'Period', '-': 'Minus', ' ': 'Space', ']': 'BracketRight', ';': 'Semicolon' }

/** The keydown of a character on a keyboard with the American layout. */
function keydown(character, timeStamp, { key = character, ...more } = {}) {
  const shiftKey = character in SHIFTED || /[A-Z]/.test(character)
  const code = SHIFTED[character] ?? PLAIN[character] ?? codeOf(character)
  return { code, key, shiftKey, ctrlKey: false, altKey: false, metaKey: false, repeat: false, timeStamp, ...more }
}

function codeOf(character) {
  return /\d/.test(character) ? `Digit${character}` : `Key${character.toUpperCase()}`
}

/** Types a text with a gap of `gapMs`; answers the last reply and the burst. */
function type(text, { gapMs = 8, start = 0, more = {} } = {}) {
  const burst = new KeyBurst()
  let replies = []
  for (const [index, character] of [...text].entries()) {
    replies.push(burst.press(keydown(character, start + index * gapMs, more)))
  }
  return { burst, replies, end: start + (text.length - 1) * gapMs }
}

const key = (code, timeStamp) => ({ code, key: code, timeStamp })

describe('a scanner', () => {
  for (const ending of ['Enter', 'NumpadEnter', 'Tab']) {
    test(`is heard out until ${ending}, which is taken from the page`, () => {
      const { burst, end } = type(CODE)

      const reply = burst.press(key(ending, end + 8))

      assert.deepEqual(reply, { taken: true, readings: [CODE] })
      assert.equal(burst.isEmpty, true)
    })
  }

  test('that ends without a key is heard out after 80 ms', () => {
    const { burst, end } = type(CODE)

    assert.equal(burst.pause(end + 79), null)
    assert.deepEqual(burst.pause(end + 80), [CODE])
    assert.equal(burst.pause(end + 1000), null)
  })

  test('is recognised after five keys, and those after them are taken from the page', () => {
    const { replies } = type(CODE)

    assert.deepEqual(replies.map((reply) => reply.taken), Array.from(CODE, (_, index) => index >= 4))
  })

  test('is understood under a Chinese input method, where keys have no name', () => {
    const { burst, end } = type(CODE, { more: { key: 'Process' } })

    assert.deepEqual(burst.press({ ...key('Enter', end + 8), key: 'Process' }).readings, [CODE])
  })

  test('that stutters is understood as long as it is quicker than a person on average', () => {
    const burst = new KeyBurst()
    let now = 0
    for (const [index, character] of [...CODE].entries()) burst.press(keydown(character, (now += index % 7 ? 9 : 60)))

    assert.deepEqual(burst.press(key('Enter', now + 9)).readings, [CODE])
  })

  test('that types a link gives the link with its punctuation', () => {
    const { burst, end } = type(LINK)

    assert.deepEqual(burst.press(key('Enter', end + 8)).readings, [LINK])
  })

  test('may hold shift, and keys without a character change nothing', () => {
    const { burst, end } = type(CODE.slice(0, 10))

    burst.press(key('ShiftLeft', end + 2))
    burst.press(key('F13', end + 4))
    for (const [index, character] of [...CODE.slice(10)].entries()) burst.press(keydown(character, end + 8 + index * 8))

    assert.deepEqual(burst.pause(end + 9999), [CODE])
  })

  test('may use the number block', () => {
    const burst = new KeyBurst()
    for (let digit = 0; digit < 6; digit += 1) burst.press(key(`Numpad${digit}`, digit * 8))

    assert.deepEqual(burst.pause(200), ['012345'])
  })

  test('set to another keyboard than the computer gives both readings', () => {
    const burst = new KeyBurst()
    for (const [index, character] of [...'zxcvy'].entries()) {
      burst.press(keydown(character, index * 8, { key: { z: 'y', y: 'z' }[character] ?? character }))
    }

    assert.deepEqual(burst.pause(200), ['zxcvy', 'yxcvz'])
  })

  test('whose pause was missed because the page was busy is not mixed with the next scan', () => {
    const { burst, end } = type(CODE)

    const reply = burst.press(keydown('Y', end + 500))

    assert.deepEqual(reply, { taken: false, readings: [CODE] })
  })
})

describe('a person', () => {
  test('who types quickly is not taken for a scanner', () => {
    const { burst, replies, end } = type('chen daiwen 2026', { gapMs: 70 })

    assert.deepEqual(replies.filter((reply) => reply.taken || reply.readings), [])
    assert.deepEqual(burst.press(key('Enter', end + 70)), { taken: false, readings: null })
  })

  test('who rolls a few keys is not taken for a scanner', () => {
    const { burst, end } = type('chen', { gapMs: 20 })

    assert.equal(burst.pause(end + 80), null)
    assert.equal(burst.isEmpty, true)
  })

  test('who holds a key down is not taken for a scanner', () => {
    const { burst, end } = type('aaaaaaaaaa', { gapMs: 30, more: { repeat: true } })

    assert.equal(burst.pause(end + 80), null)
  })

  test('who uses a shortcut is not taken for a scanner', () => {
    const { burst, end } = type('abcdefgh', { more: { ctrlKey: true } })

    assert.equal(burst.pause(end + 80), null)
  })
})

describe('what was scanned', () => {
  const readable = {
    'as it is printed': CODE,
    'as a link': LINK,
    'with the scanner’s name for the kind of code before it': `]Q1${CODE}`,
    'with a prefix and a suffix': `GATE-7:${CODE};END`,
    'with a prefix that begins like a code': `Y1-${CODE}`,
    'as a link with a prefix': `]Q1${LINK}`,
  }
  for (const [how, text] of Object.entries(readable)) {
    test(`is found ${how}`, () => {
      assert.equal(codeWithin(text), CODE)
    })
  }

  for (const text of ['', 'Y1', '陈大文', 'https://example.org/', `${CODE.slice(0, -1)}0`]) {
    test(`is no code: ${text || 'nothing'}`, () => {
      assert.equal(codeWithin(text), null)
    })
  }

  test('is the reading that holds a code, wherever it stands', () => {
    assert.equal(bestReading(['Z1H7', CODE.toLowerCase()]), CODE)
  })

  test('is the likeliest reading, shortened, when none holds a code', () => {
    assert.equal(bestReading(['x'.repeat(5000), 'y']), 'x'.repeat(200))
  })
})

describe('a paste', () => {
  /** Pastes `text` where `field` has the focus; answers what was read. */
  function pasted(text, { field = null } = {}) {
    const read = []
    const page = new EventTarget()
    page.closest = () => field
    hearPastes(page, (found) => read.push(found))
    page.dispatchEvent(Object.assign(new Event('paste'), { clipboardData: { getData: () => text } }))
    return read
  }

  test('anywhere on the page is read, as a code or as it stands', () => {
    assert.deepEqual([pasted(`code: ${CODE}`), pasted(`${LINK}\n`), pasted('hello')], [[CODE], [CODE], ['hello']])
  })

  test('in a field belongs to the field, and an empty one is nothing', () => {
    assert.deepEqual([pasted(CODE, { field: {} }), pasted(' ')], [[], []])
  })
})
