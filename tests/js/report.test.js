import assert from 'node:assert/strict'
import { test } from 'node:test'

import { batteryOf, Report } from '../../static/js/door/report.js'

test('a report says how the device is, and its answer is handed on', async () => {
  const asked = []
  const heard = []
  const ask = async (...given) => {
    asked.push(given)
    return { ok: true, data: { gates_version: 'g2' } }
  }
  const report = new Report({ ask, url: '/device', told: () => ({ waiting: 3 }), credential: () => 'signed', onAnswer: (...given) => heard.push(given) })

  await report.start()
  report.stop()

  assert.deepEqual(asked, [['/device', { method: 'POST', body: { waiting: 3 }, steward: 'signed' }]])
  assert.deepEqual(heard, [[{ gates_version: 'g2' }, 'signed']])
})

test('without an answer there is nothing to hand on', async () => {
  const heard = []
  const report = new Report({ ask: async () => ({ ok: false }), url: '', told: () => ({}), credential: () => '', onAnswer: (data) => heard.push(data) })

  await report.send()

  assert.deepEqual(heard, [])
})

test('the battery is told in percent, where the browser tells', async () => {
  const refuses = async () => {
    throw new Error('NotAllowedError')
  }

  assert.deepEqual(await batteryOf({ getBattery: async () => ({ level: 0.427 }) }), { battery: 43 })
  assert.deepEqual([await batteryOf({}), await batteryOf(undefined), await batteryOf({ getBattery: refuses })], [{}, {}, {}])
})

test('the answer is about whoever was on duty when it was asked', async () => {
  let credential = 'first'
  const heard = []
  const ask = async () => {
    credential = 'second'
    return { ok: true, data: {} }
  }
  const report = new Report({ ask, url: '', told: () => ({}), credential: () => credential, onAnswer: (_, whose) => heard.push(whose) })

  await report.send()

  assert.deepEqual(heard, ['first'])
})
