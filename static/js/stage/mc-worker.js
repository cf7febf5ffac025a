/**
 * The service worker of the lectern's tablet: the page of the master of ceremonies and its files as the server has them,
 * and as they were kept where no server answers. checkin/stage/mc_shell.py serves it at /stage/worker.js with `SHELL` set
 * before it: `{version, files, pages}`. What it keeps is of one version; the API is never touched.
 */

/* global SHELL */

const PREFIX = 'yingbin-mc-'
const CACHE = `${PREFIX}${SHELL.version}`
const PAGE = new RegExp(SHELL.pages)
const FILES = new Set(SHELL.files)
const VERSION_HEADER = 'Yingbin-Version'
const PATIENCE_MS = 3_000
const AWAY_MS = 10_000
const LONGEST_MS = 48 * 3600_000
const REFUSALS = [401, 403, 404]

let awayUntil = 0

self.addEventListener('install', (event) => event.waitUntil(install()))
self.addEventListener('activate', (event) => event.waitUntil(activate()))
self.addEventListener('fetch', (event) => {
  const answer = answerTo(event.request)
  if (answer) event.respondWith(answer)
})

/** A new version takes over at once: with a server, nothing is answered from what is kept. */
async function install() {
  const cache = await caches.open(CACHE)
  await cache.addAll(SHELL.files.map((path) => new Request(path, { cache: 'reload' })))
  await Promise.all((await knownPages()).map((path) => keepPage(cache, path).catch(() => {})))
  await self.skipWaiting()
}

async function activate() {
  const old = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE)
  await Promise.all(old.map((name) => caches.delete(name)))
  await self.clients.claim()
}

/** What is answered from here; nothing for all the rest, which goes its way as if there were no worker. */
function answerTo(request) {
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return null
  if (FILES.has(url.pathname)) return anew(request, url.pathname)
  return request.mode === 'navigate' && PAGE.test(url.pathname) ? anew(request, url.pathname, { isPage: true }) : null
}

/** As the server has it; what was kept, where none answers in time. */
async function anew(request, path, { isPage = false } = {}) {
  const kept = await keptOf(path, isPage)
  if (kept && Date.now() < awayUntil && !isPage) return kept
  try {
    const answer = await ask(request, kept && AbortSignal.timeout(PATIENCE_MS), isPage)
    if (kept && answer.status >= 500) return kept
    if (isPage) await keepAsSeen(path, answer)
    awayUntil = 0
    return answer
  } catch (error) {
    awayUntil = Date.now() + AWAY_MS
    if (kept) return kept
    throw error
  }
}

/** What was kept; a page has names, which do not stay on a tablet for longer than two days (as in mc-memory.js). */
async function keptOf(path, isPage) {
  const kept = await caches.match(path, { cacheName: CACHE, ignoreVary: true })
  const isTooOld = isPage && kept && Date.now() - Date.parse(kept.headers.get('Date')) > LONGEST_MS
  return isTooOld ? undefined : kept
}

/** The page as it was shown last; from whom it is withheld by now, nothing is kept. */
async function keepAsSeen(path, answer) {
  const cache = await caches.open(CACHE)
  if (isOurs(answer)) await cache.put(path, answer.clone())
  else if (REFUSALS.includes(answer.status)) await cache.delete(path)
}

/** A navigation cannot be fetched with a limit of time as it is, so it is asked anew. */
function ask(request, signal, isPage) {
  const { url, headers } = request
  return fetch(isPage ? new Request(url, { credentials: 'same-origin', redirect: 'manual', headers, signal }) : request, { signal })
}

async function keepPage(cache, path) {
  const answer = await fetch(path, { credentials: 'same-origin', redirect: 'manual', headers: { Accept: 'text/html' } })
  if (isOurs(answer)) await cache.put(path, answer)
}

function isOurs(answer) {
  return answer.ok && answer.headers.get(VERSION_HEADER) === SHELL.version
}

/** The pages that are open, and those that an older version kept. */
async function knownPages() {
  const clients = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  const names = (await caches.keys()).filter((name) => name.startsWith(PREFIX))
  const kept = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()))
  const paths = [...clients, ...kept.flat()].map(({ url }) => new URL(url).pathname)
  return [...new Set(paths)].filter((path) => PAGE.test(path))
}
