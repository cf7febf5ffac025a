import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { createContext, runInContext } from 'node:vm'

const SCRIPT = readFileSync(new URL('../../static/js/stage/mc-worker.js', import.meta.url), 'utf8')
const HOUSE = 'https://stage.test'
const PAGES = '^/stage/[^/]+/mc$'
const FILE = '/static/js/stage/mc.js'
const PAGE = '/stage/gala/mc'

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
      delete: async (key) => store.delete(pathOf(key)),
      keys: async () => [...store.keys()].map((path) => ({ url: HOUSE + path })),
      addAll: async (requests) => requests.forEach((request) => store.set(pathOf(request), new Response(`kept by ${request.cache}`))),
    }
  }

  async match(path, { cacheName }) {
    return this.stores.get(cacheName)?.get(path)?.clone()
  }

  async keys() {
    return [...this.stores.keys()]
  }

  async delete(name) {
    return this.stores.delete(name)
  }
}

/** A worker of this version; `server(path)` answers or throws. `at()` is what the clock shows. */
function worker({ version = 'v1', server, caches = new Caches(), clients = [], at = () => 0 }) {
  const seen = { fetched: [], skips: 0, claims: 0 }
  const listeners = {}
  const self = {
    location: { origin: HOUSE },
    addEventListener: (name, listener) => (listeners[name] = listener),
    skipWaiting: async () => (seen.skips += 1),
    clients: { claim: async () => (seen.claims += 1), matchAll: async () => clients.map((path) => ({ url: HOUSE + path })) },
  }
  const fetch = async (input) => {
    const url = new URL(input.url ?? input, HOUSE)
    seen.fetched.push(url.pathname + url.search)
    return server(url.pathname)
  }
  class LocalRequest {
    constructor(url, { cache, headers, signal } = {}) {
      Object.assign(this, { url: new URL(url, HOUSE).href, cache, headers, signal })
    }
  }
  const names = { self, caches, fetch, Request: LocalRequest, Response, URL, AbortSignal, Promise, Date: { now: at, parse: Date.parse } }
  runInContext(SCRIPT, createContext({ ...names, SHELL: { version, files: [FILE], pages: PAGES } }))
  const fire = async (name) => {
    const waits = []
    listeners[name]({ waitUntil: (wait) => waits.push(wait) })
    await Promise.all(waits)
  }
  const ask = async (path, { mode = 'no-cors', method = 'GET', origin = HOUSE } = {}) => {
    let answer = null
    listeners.fetch({ request: { url: origin + path, mode, method, headers: {} }, respondWith: (given) => (answer = given) })
    const given = await answer
    return given && given.text()
  }
  return { seen, caches, fire, ask, open: (path) => ask(path, { mode: 'navigate' }) }
}

const page = (text, version = 'v1', status = 200) => new Response(text, { status, headers: { 'Yingbin-Version': version } })
const away = () => {
  throw new TypeError('Failed to fetch')
}

test('installing keeps the files and the open page, and takes over at once', async () => {
  const { fire, caches, seen } = worker({ server: () => page('gala'), clients: [PAGE, '/stage/gala'] })

  await fire('install')

  const kept = caches.stores.get('yingbin-mc-v1')
  assert.deepEqual([...kept.keys()], [FILE, PAGE])
  assert.deepEqual([await kept.get(FILE).text(), seen.fetched, seen.skips], ['kept by reload', [PAGE], 1])
})

test('a page that cannot be fetched does not stop the installation', async () => {
  const { fire, caches } = worker({ server: away, clients: [PAGE] })

  await fire('install')

  assert.deepEqual([...caches.stores.get('yingbin-mc-v1').keys()], [FILE])
})

test('a new version keeps the pages that the old one knew, and drops the old one', async () => {
  const caches = new Caches()
  await (await caches.open('yingbin-mc-v0')).put(PAGE, page('old', 'v0'))
  await caches.open('yingbin-door-v0')
  const { fire, seen } = worker({ caches, server: () => page('new') })

  await fire('install')
  await fire('activate')

  assert.deepEqual([[...caches.stores.keys()].sort(), seen.claims], [['yingbin-door-v0', 'yingbin-mc-v1'], 1])
  assert.equal(await caches.stores.get('yingbin-mc-v1').get(PAGE).text(), 'new')
})

test('with a server everything is as the server has it', async () => {
  const { fire, open, ask } = worker({ server: (path) => page(`${path} now`), clients: [PAGE] })
  await fire('install')

  assert.deepEqual([await open(`${PAGE}?lang=en`), await ask(FILE)], [`${PAGE} now`, `${FILE} now`])
})

test('without a server the page and its files come from here, in whatever language they were opened', async () => {
  const answers = [() => page('gala')]
  const { fire, open, ask } = worker({ server: () => (answers.shift() ?? away)(), clients: [PAGE] })
  await fire('install')

  assert.deepEqual([await open(`${PAGE}?lang=en`), await ask(FILE)], ['gala', 'kept by reload'])
})

test('a server that is away is not asked for every file, and asked again soon', async () => {
  let now = 0
  let answer = away
  const { fire, ask, seen } = worker({ server: () => answer(), at: () => now })
  await fire('install')

  await ask(FILE)
  await ask(FILE)
  assert.equal(seen.fetched.length, 1)
  now = 10_001
  answer = () => page('back')

  assert.deepEqual([await ask(FILE), seen.fetched.length], ['back', 2])
})

test('a server that is broken is as good as none', async () => {
  const answers = [page('gala'), page('trouble', 'v1', 502)]
  const { fire, open } = worker({ server: () => answers.shift(), clients: [PAGE] })
  await fire('install')

  assert.equal(await open(PAGE), 'gala')
})

test('a page of another version, or another page in its place, is shown and not kept', async () => {
  const answers = [page('gala'), page('next release', 'v2'), new Response('please sign in')]
  const { fire, open, caches } = worker({ server: () => answers.shift(), clients: [PAGE] })
  await fire('install')

  assert.deepEqual([await open(PAGE), await open(PAGE)], ['next release', 'please sign in'])
  assert.equal(await caches.stores.get('yingbin-mc-v1').get(PAGE).text(), 'gala')
})

test('who may not see the page any more finds nothing of it on the tablet', async () => {
  const answers = [() => page('gala'), () => page('forbidden', 'v1', 403)]
  const { fire, open } = worker({ server: () => (answers.shift() ?? away)(), clients: [PAGE] })
  await fire('install')

  assert.equal(await open(PAGE), 'forbidden')
  await assert.rejects(open(PAGE), /Failed to fetch/)
})

test('a page with names is shown without a server for two days', async () => {
  const day = 24 * 3600_000
  const start = Date.parse('2026-11-25T12:00:00Z')
  let now = start
  const dated = new Response('gala', { headers: { 'Yingbin-Version': 'v1', Date: new Date(start).toUTCString() } })
  const answers = [() => dated]
  const { fire, open, ask } = worker({ server: () => (answers.shift() ?? away)(), clients: [PAGE], at: () => now })
  await fire('install')

  now = start + 2 * day - 1000
  assert.equal(await open(PAGE), 'gala')
  now = start + 2 * day + 1000
  await assert.rejects(open(PAGE), /Failed to fetch/)
  assert.equal(await ask(FILE), 'kept by reload')
})

test('what was never kept fails as without a worker', async () => {
  const { open } = worker({ server: away })

  await assert.rejects(open(PAGE), /Failed to fetch/)
})

test('all the rest goes its way', async () => {
  const { ask, open, seen } = worker({ server: () => assert.fail('asked') })

  const answers = [
    await open('/stage/gala'),
    await ask('/api/v1/events/gala/cues'),
    await ask(PAGE),
    await ask(FILE, { method: 'POST' }),
    await ask(FILE, { origin: 'https://elsewhere.test' }),
  ]

  assert.deepEqual([answers, seen.fetched], [[null, null, null, null, null], []])
})
