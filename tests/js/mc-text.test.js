import assert from 'node:assert/strict'
import { test } from 'node:test'

import { lengthOf, piecesOf } from '../../static/js/stage/mc-text.js'

test('a long sentence is set smaller; hanzi count twice', () => {
  assert.deepEqual(['請'.repeat(45), '請'.repeat(46), 'a'.repeat(90), '請'.repeat(101)].map(lengthOf), ['short', 'long', 'short', 'longest'])
})

test('a name with its honorific is one piece, in either order', () => {
  const shan = { name: '单立民', honorific: '先生' }
  const fung = { name: 'FUNG Kai-pong', honorific: 'Mr' }

  assert.deepEqual(piecesOf('有请单立民先生上台。', [shan]), [
    { text: '有请', isName: false },
    { text: '单立民先生', isName: true },
    { text: '上台。', isName: false },
  ])
  assert.deepEqual(piecesOf('Mr FUNG Kai-pong; 单立民', [fung, shan]), [
    { text: 'Mr FUNG Kai-pong', isName: true },
    { text: '; ', isName: false },
    { text: '单立民', isName: true },
  ])
})

test('the longer of two names that begin alike is found', () => {
  const people = [
    { name: '王方', honorific: '' },
    { name: '王方圆', honorific: '' },
  ]

  assert.deepEqual(piecesOf('王方圆', people), [{ text: '王方圆', isName: true }])
})

test('a name with signs of its own is taken as it is, and a sentence without names stays whole', () => {
  assert.deepEqual(piecesOf('A. (B)', [{ name: 'A. (B)', honorific: '' }]), [{ text: 'A. (B)', isName: true }])
  assert.deepEqual(piecesOf('请签署。', []), [{ text: '请签署。', isName: false }])
})
