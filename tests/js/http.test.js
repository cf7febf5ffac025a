import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, test } from 'node:test'

import { request } from '../../static/js/door/http.js'

const ROUTES = {
  '/ok': (incoming, outgoing) => reply(outgoing, 200, 'application/json', '{"found": 1}'),
  '/problem': (incoming, outgoing) => reply(outgoing, 422, 'application/problem+json', '{"code": "gate"}'),
  '/busy': (incoming, outgoing) => reply(outgoing, 503, 'text/plain', 'slow down', { 'Retry-After': '3' }),
  '/portal': (incoming, outgoing) => reply(outgoing, 200, 'text/html', '<h1>Hotel Wi-Fi</h1>'),
  '/proxy': (incoming, outgoing) => reply(outgoing, 403, 'text/html', '<h1>Forbidden</h1>'),
  '/away': (incoming, outgoing) => reply(outgoing, 404, 'text/html', '<h1>Not Found</h1>'),
  '/sign-in': (incoming, outgoing) => reply(outgoing, 401, 'text/html', '<h1>Who are you?</h1>'),
  '/broken': (incoming, outgoing) => reply(outgoing, 200, 'application/json', '{'),
  '/echo': (incoming, outgoing) => incoming.pipe(outgoing.writeHead(200, { 'Content-Type': 'application/json' })),
  '/steward': (incoming, outgoing) => reply(outgoing, 200, 'application/json', JSON.stringify({ steward: incoming.headers['yingbin-steward'] ?? null })),
  '/silent': () => {},
}
const server = createServer((incoming, outgoing) => ROUTES[incoming.url](incoming, outgoing))
let base

before(async () => {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${server.address().port}`
})

after(() => {
  server.closeAllConnections()
  server.close()
})

function reply(outgoing, status, type, text, headers = {}) {
  outgoing.writeHead(status, { 'Content-Type': type, ...headers }).end(text)
}

const NO_ANSWER = { ok: false, status: 0, problem: null, retryAfterMs: 0 }

test('an answer comes with its data', async () => {
  assert.deepEqual(await request(`${base}/ok`), { ok: true, status: 200, data: { found: 1 } })
})

test('who is on duty is told in a header', async () => {
  assert.deepEqual((await request(`${base}/steward`, { steward: 'signed' })).data, { steward: 'signed' })
  assert.deepEqual((await request(`${base}/steward`)).data, { steward: null })
})

test('a body is sent as JSON', async () => {
  const answer = await request(`${base}/echo`, { method: 'POST', body: { scans: ['陈'] } })

  assert.deepEqual(answer.data, { scans: ['陈'] })
})

test('a refusal comes with its problem', async () => {
  const problem = { code: 'gate' }

  assert.deepEqual(await request(`${base}/problem`), { ok: false, status: 422, problem, retryAfterMs: 0 })
})

test('a busy server is no answer, and comes with the pause', async () => {
  assert.deepEqual(await request(`${base}/busy`), { ...NO_ANSWER, retryAfterMs: 3000 })
})

for (const [what, path] of [
  ['a page of somebody else’s', '/portal'],
  ['a proxy that forbids', '/proxy'],
  ['a proxy that knows no such page', '/away'],
  ['a proxy that wants to know who asks', '/sign-in'],
  ['half an answer', '/broken'],
]) {
  test(`${what} is no answer`, async () => {
    assert.deepEqual(await request(base + path), NO_ANSWER)
  })
}

test('a server that is silent is given up after the time allowed', async () => {
  assert.deepEqual(await request(`${base}/silent`, { timeoutMs: 30 }), NO_ANSWER)
})

test('a server that is not there is no answer', async () => {
  assert.deepEqual(await request('http://127.0.0.1:1/'), NO_ANSWER)
})
