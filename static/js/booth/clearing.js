/**
 * A phone that stood at a door may still hold guest lists; at a booth nobody's business. What was scanned there and not
 * sent yet stays: it is a record, and goes out when the phone is paired at a door again. Called by booth.js.
 */

import { openStorage } from '../door/storage.js'

const DOORS = 'yingbin.door.'
const ABOUT_GUESTS = ['guests', 'keys', 'tickets', 'meta', 'conflicts', 'journal']

/** Resolves when no door's guest list is left in this browser, as far as it tells what it holds (Firefox since 126). */
export async function clearGuestLists({ databases = () => indexedDB.databases?.() ?? [], open = openStorage } = {}) {
  const names = (await databases()).map(({ name }) => name).filter((name) => name.startsWith(DOORS))
  for (const name of names) {
    const storage = await open(name, { onBroken: () => {} })
    await storage.write(ABOUT_GUESTS.map((store) => ({ store, clear: true })), { isStrict: true })
  }
}
