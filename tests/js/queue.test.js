import assert from 'node:assert/strict'
import { test } from 'node:test'

import { Memory } from '../../static/js/door/memory.js'
import { Queue } from '../../static/js/door/queue.js'

const ids = (queue) => queue.waiting.map((entry) => entry.id)
const entry = (id, more = {}) => ({ id, kind: 'scan', body: { id }, madeAt: `at ${id}`, ...more })

async function filled(storage, ...names) {
  const queue = await Queue.open(storage)
  for (const id of names) await queue.add(entry(id))
  return queue
}

function shelf(items = {}) {
  const kept = new Map(Object.entries(items))
  return { kept, getItem: (name) => kept.get(name) ?? null, removeItem: (name) => kept.delete(name) }
}

test('entries wait in the order in which they came, and the oldest says since when', async () => {
  const queue = await filled(new Memory(), 'c', 'a', 'b')

  assert.deepEqual([ids(queue), queue.size, queue.oldestAt], [['c', 'a', 'b'], 3, 'at c'])
})

test('an empty queue has no oldest entry', async () => {
  const queue = await Queue.open(new Memory())

  assert.deepEqual([queue.size, queue.oldestAt], [0, null])
})

test('an entry is on the disk when adding it resolves, in one write with what belongs to it', async () => {
  const writes = []
  const storage = { all: async () => [], write: async (...write) => writes.push(write) }
  const queue = await Queue.open(storage)
  writes.length = 0
  const journal = { store: 'journal', key: 'a', value: {} }

  await queue.add(entry('a'), [journal])

  assert.deepEqual(writes[0][0].map(({ store }) => store), ['queue', 'journal'])
  assert.deepEqual(writes[0][1], { isStrict: true })
})

test('an answered entry no longer waits', async () => {
  const queue = await filled(new Memory(), 'a', 'b')

  await queue.remove(['a', 'never'])

  assert.deepEqual(ids(queue), ['b'])
})

test('the same entry is kept once, as it was first', async () => {
  const queue = await filled(new Memory(), 'a')

  await queue.add(entry('a', { body: { gate: 'south' } }))

  assert.deepEqual(queue.waiting.map(({ body }) => body), [{ id: 'a' }])
})

test('what waits survives a restart in its order, however many there are', async () => {
  const storage = new Memory()
  const names = Array.from({ length: 12 }, (_, index) => `scan ${index}`)
  await filled(storage, ...names)

  assert.deepEqual(ids(await Queue.open(storage)), names)
})

test('a decision is kept with its entry', async () => {
  const storage = new Memory()
  const queue = await filled(storage, 'a')

  await queue.change('a', { isDecided: true })
  await queue.change('never', { isDecided: true })

  const [kept] = (await Queue.open(storage)).waiting
  assert.equal(kept.isDecided, true)
})

test('what the server will not take is set aside with the reason, and never dropped', async () => {
  const storage = new Memory()
  const queue = await filled(storage, 'a', 'b')

  await queue.setAside('a', { status: 422, message: 'no such gate' })
  await queue.setAside('never', {})

  assert.deepEqual([ids(queue), queue.refused.map(({ id, problem }) => [id, problem.message])], [['b'], [['a', 'no such gate']]])
})

test('a new page asks once more for what was set aside', async () => {
  const storage = new Memory()
  const queue = await filled(storage, 'a', 'b')
  await queue.setAside('a', { status: 422 })

  const again = await Queue.open(storage)

  assert.deepEqual([ids(again), again.refused, 'problem' in again.waiting[1]], [['b', 'a'], [], false])
})

test('scans of the first version are taken over once', async () => {
  const storage = Object.assign(new Memory(), {})
  const old = shelf({ door: '[{"id": "a", "code": "Y1", "scanned_at": "then"}]' })
  Object.defineProperty(storage, 'isDurable', { value: true })

  const queue = await Queue.open(storage, { legacy: { shelf: old, name: 'door' } })

  assert.deepEqual([ids(queue), queue.waiting[0].body.code, queue.oldestAt], [['a'], 'Y1', 'then'])
  assert.equal(old.kept.size, 0)
})

test('scans of the first version stay where they are while nothing is durable', async () => {
  const old = shelf({ door: '[{"id": "a"}]' })

  await Queue.open(new Memory(), { legacy: { shelf: old, name: 'door' } })

  assert.equal(old.kept.size, 1)
})

for (const broken of ['{', 'null', '"text"', '{"id": 1}', '[null, {"id": 7}, {}]']) {
  test(`a spoilt old storage is an empty queue: ${broken}`, async () => {
    const queue = await Queue.open(new Memory(), { legacy: { shelf: shelf({ door: broken }), name: 'door' } })

    assert.deepEqual(ids(queue), [])
  })
}

test('a browser that refuses its old storage has nothing to take over', async () => {
  const refuses = () => {
    throw new Error('SecurityError')
  }
  const storage = new Memory()
  Object.defineProperty(storage, 'isDurable', { value: true })

  const queue = await Queue.open(storage, { legacy: { shelf: { getItem: refuses, removeItem: refuses }, name: 'door' } })

  assert.deepEqual(ids(queue), [])
})

test('what two pages keep at the same time stays apart, and each takes away its own', async () => {
  const storage = new Memory()
  const [one, other] = [await Queue.open(storage), await Queue.open(storage)]
  await one.add(entry('a'))
  await other.add(entry('b'))
  assert.deepEqual(ids(await Queue.open(storage)), ['a', 'b'])

  await one.remove(['a'])

  assert.deepEqual(ids(await Queue.open(storage)), ['b'])
})

test('what belongs to setting aside is made in one write with it', async () => {
  const writes = []
  const storage = { all: async () => [], write: async (changes) => writes.push(changes.map(({ store }) => store)) }
  const queue = await filled(storage, 'a')

  await queue.setAside('a', {}, [{ store: 'journal', key: 'a', value: {} }])

  assert.deepEqual(writes.at(-1), ['queue', 'refused', 'journal'])
})
