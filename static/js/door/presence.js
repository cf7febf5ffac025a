/**
 * Where a guest is, worked out on the device: the twin of checkin/presence.py. The manifest says where everybody was when
 * it was made; what this device did since is folded upon it by journal.js. Moments are milliseconds since 1970.
 */

/** Who has not come yet. */
export const NOWHERE = Object.freeze({ first: null, inside: false, zone: '', exited: false, lastAt: null })

/**
 * The presence that follows a passage `{direction, counts, at, gate, zone, by}`; one that does not count (a refusal)
 * changes nothing. One that happened before the last that is known can only have been an earlier first entry.
 */
export function after(presence, passage) {
  if (!passage.counts) return presence
  if (presence.lastAt !== null && passage.at < presence.lastAt) return withEarlierFirst(presence, passage)
  const { at, zone } = passage
  if (passage.direction === 'exit') return { ...presence, inside: false, zone: '', exited: true, lastAt: at }
  return { ...presence, inside: true, zone, exited: false, lastAt: at, first: presence.first ?? firstOf(passage) }
}

function withEarlierFirst(presence, passage) {
  const isFirst = passage.direction === 'entry' && (!presence.first || passage.at < presence.first.at)
  return isFirst ? { ...presence, first: firstOf(passage) } : presence
}

function firstOf({ at, gate, by }) {
  return { at, gate, by }
}
