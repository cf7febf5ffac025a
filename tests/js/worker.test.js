import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { createContext, runInContext } from 'node:vm'

const SCRIPT = readFileSync(new URL('../../static/js/door/worker.js', import.meta.url), 'utf8')
const HOUSE = 'https://door.test'
const PAGES = '^/door/(?!worker\\.js$|pair$|badge$)[^/]+(/kiosk|/self-test)?$'
const FILES = ['/static/js/door/door.js']

/** A browser's caches, by name and by path. */
class Caches {
  stores = new Map()

  async open(name) {
    if (!this.stores.has(name)) this.stores.set(name, new Map())
    const store = this.stores.get(name)
    const pathOf = (key) => new URL(key.url ?? key, HOUSE).pathname
    return {
      match: async (key) => store.get(pathOf(key))?.clone(),
      put: async (key, answer) => void store.set(pathOf(key), answer),
      keys: async () => [...store.keys()].map((path) => ({ url: HOUSE + path })),
      addAll: async (requests) => requests.forEach((request) => store.set(pathOf(request), new Response(`file of ${request.cache}`))),
    }
  }

  async keys() {
    return [...this.stores.keys()]
  }

  async delete(name) {
    return this.stores.delete(name)
  }
}

/** A worker of this version; `server(path)` answers or throws. */
function worker({ version = 'v1', server = () => assert.fail('asked'), caches = new Caches(), clients = [] } = {}) {
  const seen = { fetched: [], posts: [], claims: 0, skips: 0, unregistered: 0, updates: 0 }
  const listeners = {}
  const self = {
    location: { origin: HOUSE },
    addEventListener: (name, listener) => (listeners[name] = listener),
    skipWaiting: async () => (seen.skips += 1),
    registration: { unregister: async () => (seen.unregistered += 1), update: async () => (seen.updates += 1) },
    clients: {
      claim: async () => (seen.claims += 1),
      matchAll: async () => clients.map((path) => ({ url: HOUSE + path, postMessage: (message) => seen.posts.push(message) })),
    },
  }
  const fetch = async (input) => {
    const url = new URL(input.url ?? input, HOUSE)
    seen.fetched.push(url.pathname + url.search)
    return server(url.pathname, url)
  }
  class LocalRequest {
    constructor(url, { cache, headers, signal } = {}) {
      Object.assign(this, { url: new URL(url, HOUSE).href, cache, headers, signal })
    }
  }
  const names = { self, caches, fetch, Request: LocalRequest, Response, URL, AbortSignal, Promise }
  const context = createContext({ ...names, SHELL: { version, files: FILES, pages: PAGES } })
  runInContext(SCRIPT, context)
  const fire = async (name, data) => {
    const waits = []
    listeners[name]({ data, waitUntil: (wait) => waits.push(wait) })
    await Promise.all(waits)
  }
  const ask = async (path, { mode = 'no-cors', method = 'GET', origin = HOUSE } = {}) => {
    const waits = []
    let answer = null
    const request = { url: origin + path, mode, method, headers: {} }
    listeners.fetch({ request, respondWith: (given) => (answer = given), waitUntil: (wait) => waits.push(wait) })
    const given = await answer
    await Promise.all(waits)
    return given && given.text()
  }
  return { seen, caches, fire, ask, open: (path) => ask(path, { mode: 'navigate' }) }
}

const pageOf = (text, version = 'v1') => () => new Response(text, { headers: { 'Yingbin-Version': version } })
const away = () => {
  throw new TypeError('Failed to fetch')
}

test('installing fetches the files anew, and keeps the doors that are open', async () => {
  const { fire, caches, seen } = worker({ server: pageOf('gala'), clients: ['/door/gala', '/desk'] })

  await fire('install')

  const kept = [...caches.stores.get('yingbin-door-v1').entries()]
  assert.deepEqual(kept.map(([path]) => path), ['/static/js/door/door.js', '/door/gala'])
  assert.equal(await kept[0][1].text(), 'file of reload')
  assert.deepEqual([seen.fetched, seen.skips], [['/door/gala'], 0])
})

test('a new version waits until it is let in, and then drops what the old one kept', async () => {
  const caches = new Caches()
  await caches.open('yingbin-door-v0')
  await caches.open('somebody else’s')
  const { fire, seen } = worker({ caches })

  await fire('message', { type: 'take over' })
  await fire('activate')

  assert.deepEqual([[...caches.stores.keys()].sort(), seen.skips, seen.claims], [['somebody else’s', 'yingbin-door-v1'], 1, 1])
})

test('a new version also keeps the doors that the old one knew', async () => {
  const caches = new Caches()
  await (await caches.open('yingbin-door-v0')).put('/door/gala', new Response('old'))
  const { fire } = worker({ caches, server: pageOf('new') })

  await fire('install')

  assert.equal(await caches.stores.get('yingbin-door-v1').get('/door/gala').text(), 'new')
})

test('a door page that cannot be fetched does not stop the installation', async () => {
  const { fire, caches } = worker({ server: away, clients: ['/door/gala'] })

  await fire('install')

  assert.deepEqual([...caches.stores.get('yingbin-door-v1').keys()], FILES)
})

test('the files and the page come from here while the server is away', async () => {
  const answers = [pageOf('gala')]
  const { fire, ask, open } = worker({ server: () => (answers.shift() ?? away)(), clients: ['/door/gala'] })
  await fire('install')

  assert.equal(await ask('/static/js/door/door.js'), 'file of reload')
  assert.equal(await open('/door/gala?gate=north'), 'gala')
})

test('a page that has changed is kept, and the open doors are told', async () => {
  const answers = ['gala', 'gala', 'gala with a new gate']
  const { fire, open, seen } = worker({ server: () => pageOf(answers.shift())(), clients: ['/door/gala'] })
  await fire('install')
  await open('/door/gala')
  assert.deepEqual(seen.posts, [])

  assert.equal(await open('/door/gala'), 'gala')
  assert.deepEqual(JSON.parse(JSON.stringify(seen.posts)), [{ type: 'page' }])
})

test('a page of another version is not mixed with these files: its own worker is fetched', async () => {
  const answers = [pageOf('gala'), pageOf('newer', 'v2'), away]
  const { fire, open, seen } = worker({ server: () => answers.shift()(), clients: ['/door/gala'] })
  await fire('install')

  await open('/door/gala')

  assert.deepEqual([await open('/door/gala'), seen.updates, seen.posts], ['gala', 1, []])
})

test('another language, and a new sign-in, are asked of the server', async () => {
  const answers = [pageOf('gala'), pageOf('in English'), away, away]
  const { fire, open, seen } = worker({ server: () => answers.shift()(), clients: ['/door/gala'] })
  await fire('install')

  assert.equal(await open('/door/gala?lang=en'), 'in English')
  assert.equal(await open('/door/gala?fresh=1'), 'in English')
  assert.deepEqual(seen.fetched.slice(1), ['/door/gala?lang=en', '/door/gala?fresh=1'])
})

test('a door that nobody opened before comes from the server, and is kept from then on', async () => {
  const answers = [pageOf('kiosk'), away]
  const { open } = worker({ server: () => answers.shift()() })

  assert.equal(await open('/door/gala/kiosk'), 'kiosk')
  assert.equal(await open('/door/gala/kiosk'), 'kiosk')
})

test('a door that is nowhere fails as any page does', async () => {
  await assert.rejects(worker({ server: away }).open('/door/gala'), TypeError)
})

test('the API, other pages and other sites are never touched', async () => {
  const { ask, open } = worker()

  for (const path of ['/api/v1/events/gala/manifest', '/static/css/desk.css']) assert.equal(await ask(path), null)
  for (const path of ['/desk', '/door', '/door/worker.js', '/door/pair/ABCD', '/door/badge/g.pdf']) assert.equal(await open(path), null)
  assert.equal(await ask(FILES[0], { method: 'POST' }), null)
  assert.equal(await ask(FILES[0], { origin: 'https://elsewhere.test' }), null)
})

test('a device that was revoked keeps nothing', async () => {
  const caches = new Caches()
  await caches.open('somebody else’s')
  const { fire, seen } = worker({ caches })

  await fire('message', { type: 'forget' })

  assert.deepEqual([[...caches.stores.keys()], seen.unregistered], [['somebody else’s'], 1])
})
