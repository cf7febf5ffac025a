/**
 * The door's service worker: keeps the door page and its files so that it opens with the server away. It answers only for
 * the door; the API is never touched. checkin/service_worker.py serves it at /door/worker.js with `SHELL` set before it:
 * `{version, files, pages}`: `pages` is how the address of a door page looks. A new version waits until the page, in a
 * quiet moment, lets it in (updates.js).
 */

/* global SHELL */

const PREFIX = 'yingbin-door-'
const CACHE = `${PREFIX}${SHELL.version}`
const PAGE = new RegExp(SHELL.pages)
const FILES = new Set(SHELL.files)
const VERSION_HEADER = 'Yingbin-Version'
const ASKS_SERVER = ['lang', 'fresh']
const PATIENCE_MS = 4_000

const files = caches.open(CACHE)

self.addEventListener('install', (event) => event.waitUntil(install()))
self.addEventListener('activate', (event) => event.waitUntil(activate()))
self.addEventListener('message', (event) => event.waitUntil(hear(event.data)))
self.addEventListener('fetch', (event) => {
  const answer = answerTo(event)
  if (answer) event.respondWith(answer)
})

async function install() {
  const cache = await files
  await cache.addAll(SHELL.files.map((path) => new Request(path, { cache: 'reload' })))
  await Promise.all((await openPages()).map((path) => keepPage(cache, path).catch(() => {})))
}

async function activate() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)))
  await self.clients.claim()
}

async function hear({ type }) {
  if (type === 'take over') await self.skipWaiting()
  if (type === 'forget') await forget()
}

async function forget() {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith(PREFIX)).map((name) => caches.delete(name)))
  await self.registration.unregister()
}

/** What is answered from here; nothing for all the rest, which goes its way as if there were no worker. */
function answerTo(event) {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return null
  if (FILES.has(url.pathname)) return fileOf(url.pathname)
  if (request.mode !== 'navigate' || !PAGE.test(url.pathname)) return null
  return ASKS_SERVER.some((name) => url.searchParams.has(name)) ? newPage(request, url) : pageOf(event, url)
}

async function fileOf(path) {
  return (await (await files).match(path, { ignoreVary: true })) ?? fetch(path)
}

/** The page as it was, at once; whether it is still so is looked up meanwhile. */
async function pageOf(event, url) {
  const cache = await files
  const kept = await cache.match(url.pathname)
  if (!kept) return newPage(event.request, url)
  event.waitUntil(look(cache, url.pathname, kept.clone()).catch(() => {}))
  return kept
}

/** The page as the server has it; what was kept, where no server answers. */
async function newPage(request, url) {
  const cache = await files
  const kept = await cache.match(url.pathname)
  try {
    const signal = kept && AbortSignal.timeout(PATIENCE_MS)
    const answer = await fetch(new Request(request.url, { credentials: 'same-origin', redirect: 'manual', headers: request.headers, signal }))
    if (isOurs(answer)) await cache.put(url.pathname, answer.clone())
    return answer
  } catch (error) {
    if (kept) return kept
    throw error
  }
}

async function look(cache, path, kept) {
  const fresh = await keepPage(cache, path)
  if (!fresh || (await fresh.text()) === (await kept.text())) return
  for (const client of await self.clients.matchAll()) client.postMessage({ type: 'page' })
}

/** Keeps the page if it is this version's; a page of another version waits for its own worker. */
async function keepPage(cache, path) {
  const answer = await fetch(path, { credentials: 'same-origin', redirect: 'manual', headers: { Accept: 'text/html' } })
  if (answer.ok && !isOurs(answer)) await self.registration.update()
  if (!isOurs(answer)) return null
  await cache.put(path, answer.clone())
  return answer
}

function isOurs(answer) {
  return answer.ok && answer.headers.get(VERSION_HEADER) === SHELL.version
}

/** The door pages that are open, and those that an older version kept. */
async function openPages() {
  const clients = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX))
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
  const paths = [...clients, ...kept.flat()].map(({ url }) => new URL(url).pathname)
  return [...new Set(paths)].filter((path) => PAGE.test(path))
}
