import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'

import { Lane } from '../../static/js/door/lane.js'

const GREEN = { verdict: 'admitted', admits: true }
const HONOUR = { verdict: 'admitted_vip', admits: true }
const AMBER = { verdict: 'already_inside', admits: false }
const RED = { verdict: 'unknown', admits: false }

let lane

beforeEach(() => {
  lane = new Lane()
})

function read(id, now, { key = id, source = 'scanner' } = {}) {
  const isNew = lane.read({ id, key, source, label: id, scan: { id } }, now)
  if (isNew) lane.kept(id, null, now)
  return isNew
}

function shown(now) {
  const { name, item } = lane.screen(now)
  return item ? `${name} ${item.id}` : name
}

describe('before the answer', () => {
  test('nothing was read, so the lane is idle', () => {
    assert.equal(shown(0), 'idle')
    assert.equal(lane.nextChange(), null)
  })

  test('nothing is shown before the scan is on the disk, and then in grey by its name', () => {
    lane.read({ id: 'a', key: 'a', source: 'scanner', label: 'a', scan: { id: 'a' } }, 0)
    assert.equal(shown(5), 'idle')

    lane.kept('a', { name: '陈小满' }, 8)

    assert.deepEqual([shown(8), lane.screen(8).item.guest.name], ['reading a', '陈小满'])
  })

  test('a read code is grey until there is a verdict', () => {
    read('a', 0)

    assert.deepEqual([shown(0), shown(999)], ['reading a', 'reading a'])
  })

  test('without an answer for a second the screen says so', () => {
    read('a', 0)

    assert.equal(lane.nextChange(), 1000)
    assert.equal(shown(1000), 'no_answer a')
  })

  test('a tap does not close a scan that is being checked', () => {
    read('a', 0)

    assert.equal(lane.dismiss(900), false)
    assert.equal(shown(900), 'reading a')
  })

  test('a late answer replaces the amber screen', () => {
    read('a', 0)

    lane.answer('a', GREEN, 4000)

    assert.equal(shown(4000), 'admitted a')
  })

  test('a second answer to the same scan changes nothing', () => {
    read('a', 0)
    lane.answer('a', RED, 10)

    lane.answer('a', GREEN, 20)

    assert.equal(shown(20), 'unknown a')
  })

  test('an answer to a scan that nobody knows is let be', () => {
    lane.answer('x', GREEN, 0)

    assert.equal(shown(0), 'idle')
  })
})

describe('after the answer', () => {
  test('green goes on by itself after a second and a half', () => {
    read('a', 0)
    lane.answer('a', GREEN, 100)

    assert.equal(lane.nextChange(), 1600)
    lane.tick(1599)
    assert.equal(shown(1599), 'admitted a')
    lane.tick(1600)
    assert.equal(shown(1600), 'idle')
  })

  for (const verdict of ['reentered', 'exited', 'valid_unsynced']) {
    test(`${verdict} goes on by itself as well`, () => {
      read('a', 0)
      lane.answer('a', { verdict, admits: verdict !== 'exited' }, 100)

      lane.tick(1600)

      assert.equal(shown(1600), 'idle')
    })
  }

  for (const verdict of ['already_inside', 'wrong_gate', 'too_early', 'cancelled', 'unknown', 'not_recorded']) {
    test(`${verdict} stays until somebody taps`, () => {
      read('a', 0)
      lane.answer('a', { verdict, admits: false }, 100)

      lane.tick(600_000)

      assert.equal(lane.nextChange(), null)
      assert.equal(shown(600_000), `${verdict} a`)
      assert.equal(lane.dismiss(600_000), true)
      assert.equal(shown(600_000), 'idle')
    })
  }

  test('a button that leads elsewhere puts the verdict aside at once', () => {
    read('a', 0)
    lane.putAside(5)
    const before = shown(5)
    lane.answer('a', GREEN, 50)

    lane.putAside(60)

    assert.deepEqual([before, shown(60)], ['reading a', 'idle'])
  })

  test('a tap that was meant for the screen before does not close a refusal unread', () => {
    read('a', 0)
    lane.answer('a', RED, 100)

    assert.equal(lane.dismiss(450), false)
    assert.equal(lane.dismiss(500), true)
  })

  test('the next scan replaces green, amber and red at once', () => {
    for (const [index, result] of [GREEN, AMBER, RED].entries()) {
      read(`a${index}`, index * 1000)
      lane.answer(`a${index}`, result, index * 1000 + 10)
      read(`b${index}`, index * 1000 + 20)

      assert.equal(shown(index * 1000 + 20), `reading b${index}`)
      lane.answer(`b${index}`, GREEN, index * 1000 + 30)
    }
  })
})

describe('a guest of honour', () => {
  test('stays until tapped', () => {
    read('v', 0)
    lane.answer('v', HONOUR, 100)

    lane.tick(60_000)

    assert.equal(shown(60_000), 'admitted_vip v')
    assert.equal(lane.dismiss(60_000), true)
  })

  test('stays three seconds when the next code is read, which is sent all the same', () => {
    read('v', 0)
    lane.answer('v', HONOUR, 100)

    assert.equal(read('a', 500), true)
    lane.answer('a', GREEN, 600)

    assert.equal(shown(3099), 'admitted_vip v')
    assert.equal(lane.nextChange(), 3100)
    lane.tick(3100)
    assert.equal(shown(3100), 'admitted a')
  })

  test('makes room at once where no honour is to be seen', () => {
    lane = new Lane({ honourMs: 0 })
    read('v', 0)
    lane.answer('v', HONOUR, 100)

    read('a', 100)

    assert.equal(shown(100), 'reading a')
  })

  test('makes room at once for a code that is read after three seconds', () => {
    read('v', 0)
    lane.answer('v', HONOUR, 100)

    read('a', 3200)

    assert.equal(shown(3200), 'reading a')
  })
})

describe('scans faster than answers', () => {
  test('a refusal that comes while the next guest is shown waits for its turn', () => {
    read('a', 0)
    read('b', 300)
    lane.answer('a', RED, 400)
    assert.equal(shown(400), 'reading b')

    lane.answer('b', GREEN, 500)
    lane.tick(2000)

    assert.equal(shown(2000), 'unknown a')
  })

  test('a green that comes while the next guest is shown is only listed', () => {
    read('a', 0)
    read('b', 300)
    lane.answer('a', GREEN, 400)
    lane.answer('b', GREEN, 500)

    lane.tick(2000)

    assert.equal(shown(2000), 'idle')
    assert.deepEqual(lane.recent().map((item) => item.result.verdict), ['admitted', 'admitted'])
  })

  test('a scan that was put aside unanswered is shown when its answer comes', () => {
    read('a', 0)
    lane.dismiss(2000)
    assert.equal(shown(2000), 'idle')

    lane.answer('a', GREEN, 9000)

    assert.equal(shown(9000), 'admitted a')
  })

  test('a scan left over from before a reload is shown when it turns out refused', () => {
    lane.restore({ id: 'old', key: 'old', label: '', source: 'queue', scan: {} }, 0)
    assert.equal(shown(0), 'idle')

    lane.answer('old', RED, 50)

    assert.equal(shown(50), 'unknown old')
  })

  for (const result of [GREEN, HONOUR, { verdict: 'exited', admits: false }]) {
    test(`a scan left over from before a reload that turns out ${result.verdict} is only listed`, () => {
      lane.restore({ id: 'old', key: 'old', label: '', source: 'queue', scan: {} }, 0)

      lane.answer('old', result, 50)

      assert.deepEqual([shown(50), lane.recent()[0].result], ['idle', result])
    })
  }
})

describe('an answer that comes after the device decided', () => {
  const here = { verdict: 'admitted', admits: true, offline: true }

  test('changes nothing where it is the same', () => {
    read('a', 0)
    lane.answer('a', here, 1000)

    lane.late('a', { ...GREEN, guest: { name: '陈小满' } }, 1300)

    assert.equal(lane.screen(1300).item.result.offline, true)
    assert.equal(lane.recent()[0].result.guest.name, '陈小满')
  })

  test('is shown once the lane is idle where somebody was let in who should not have been', () => {
    read('a', 0)
    lane.answer('a', here, 1000)
    lane.late('a', { ...AMBER, conflict: true }, 1300)
    assert.equal(shown(1300), 'admitted a')

    lane.tick(2500)

    assert.equal(shown(2500), 'already_inside a late')
    assert.equal(lane.recent()[0].result.conflict, true)
  })

  test('is only listed where somebody was refused who might have come in', () => {
    read('a', 0)
    lane.answer('a', { ...RED, offline: true }, 1000)
    lane.late('a', { ...GREEN, conflict: true }, 1300)

    lane.dismiss(2000)

    assert.deepEqual([shown(2000), lane.isIdle, lane.recent()[0].result.conflict], ['idle', true, true])
  })

  test('is no news of an exit', () => {
    read('a', 0)
    lane.answer('a', { verdict: 'exited', admits: false, offline: true }, 1000)

    lane.late('a', { verdict: 'exited', admits: false }, 1300)
    lane.tick(2500)

    assert.equal(lane.isIdle, true)
  })

  test('of a scan that nobody knows is let be', () => {
    lane.late('x', RED, 0)

    assert.equal(lane.isIdle, true)
  })
})

describe('the same code again', () => {
  test('within ten seconds on this device it is silent', () => {
    read('a', 0, { key: 'K' })
    lane.answer('a', GREEN, 50)
    lane.tick(1600)

    assert.equal(read('b', 9_999, { key: 'K' }), false)
    assert.equal(shown(9_999), 'idle')
  })

  test('after ten seconds it is a scan like any other', () => {
    read('a', 0, { key: 'K' })
    lane.answer('a', GREEN, 50)

    assert.equal(read('b', 10_000, { key: 'K' }), true)
  })

  test('a refusal that was closed is shown again without a sound', () => {
    read('a', 0, { key: 'K' })
    lane.answer('a', RED, 50)
    lane.dismiss(1000)

    assert.equal(read('b', 2000, { key: 'K' }), false)

    assert.equal(shown(2000), 'unknown a')
    assert.equal(lane.screen(2000).silent, true)
  })

  test('green is never shown twice for one ticket, for a second person may hold it', () => {
    read('a', 0, { key: 'K' })
    lane.answer('a', GREEN, 50)
    lane.tick(1600)

    read('b', 2000, { key: 'K' })

    assert.equal(shown(2000), 'idle')
  })

  test('a badge that stays in the camera is read once', () => {
    read('a', 0, { key: 'K', source: 'camera' })
    lane.answer('a', GREEN, 50)
    lane.tick(1600)

    const frames = Array.from({ length: 600 }, (_, index) => 100 * index)
    const isNew = frames.map((now) => read(`b${now}`, now, { key: 'K', source: 'camera' }))

    assert.deepEqual(new Set(isNew), new Set([false]))
  })

  test('a badge that left the camera and comes back is read again after ten seconds', () => {
    read('a', 0, { key: 'K', source: 'camera' })
    lane.answer('a', GREEN, 50)
    read('b', 1_000, { key: 'K', source: 'camera' })

    assert.equal(read('c', 4_000, { key: 'K', source: 'camera' }), false)
    assert.equal(read('d', 10_900, { key: 'K', source: 'camera' }), false)
    assert.equal(read('e', 11_000, { key: 'K', source: 'camera' }), true)
  })

  test('an undone scan may be repeated at once', () => {
    read('a', 0, { key: 'K' })
    lane.answer('a', GREEN, 50)

    lane.undo('a', 500)

    assert.equal(shown(500), 'idle')
    assert.equal(lane.recent()[0].undone, true)
    assert.equal(read('b', 600, { key: 'K' }), true)
  })

  test('undoing a scan that nobody knows changes nothing', () => {
    lane.undo('x', 0)

    assert.deepEqual(lane.recent(), [])
  })
})

describe('the list', () => {
  test('holds the last three scans, the newest first', () => {
    for (const id of ['a', 'b', 'c', 'd']) read(id, 0)

    assert.deepEqual(lane.recent().map((item) => item.id), ['d', 'c', 'b'])
  })

  test('forgets answered scans over a long day, and none that still wait', () => {
    read('waiting', 0)
    for (let index = 0; index < 1000; index += 1) {
      read(`a${index}`, index)
      lane.answer(`a${index}`, RED, index)
    }

    lane.answer('waiting', RED, 2000)
    for (let index = 0; index < 1000 && shown(99_999) !== 'unknown waiting'; index += 1) lane.dismiss(99_999)

    assert.equal(shown(99_999), 'unknown waiting')
  })
})
