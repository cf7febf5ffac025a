/**
 * The guests that this device knows, in memory: found by ticket or id in a microsecond. Rows are arrays in the order of
 * the manifest's columns, as they came; search keys lie beside them. manifest.js fills it, judging.js and seek.js ask.
 */

export const CHUNK = 1_000

export class Roster {
  #columns = []
  #place = {}
  #rows = []
  #keys = []
  #byId = null
  #byTicket = new Map()
  #members = null

  get size() {
    return this.#rows.length
  }

  /** Forgets everybody; rows of these `columns` (without `keys`) follow. */
  reset(columns = []) {
    this.#columns = columns.filter((column) => column !== 'keys')
    this.#place = Object.fromEntries(this.#columns.map((column, index) => [column, index]))
    this.#rows = []
    this.#keys = []
    this.#byId = null
    this.#byTicket = new Map()
    this.#members = null
  }

  /** Adds rows as they were kept; their keys may come later, by `setKeys`. */
  append(rows) {
    for (const row of rows) this.#put(this.#rows.length, row)
  }

  setKeys(keys) {
    this.#keys = keys
  }

  /**
   * Takes rows of a manifest, in its own columns. Answers what has to be kept anew: `{rows, keys}`, sets of chunk numbers.
   */
  merge(columns, rows) {
    const dirty = { rows: new Set(), keys: new Set() }
    const order = this.#columns.map((column) => columns.indexOf(column))
    const [id, keys] = [columns.indexOf('id'), columns.indexOf('keys')]
    for (const row of rows) {
      const index = this.#ids.get(row[id]) ?? this.#rows.length
      const chunk = Math.floor(index / CHUNK)
      const kept = order.map((column) => row[column])
      if (!isSame(this.#rows[index], kept)) dirty.rows.add(chunk)
      if (this.#keys[index] !== row[keys]) dirty.keys.add(chunk)
      this.#put(index, kept)
      this.#keys[index] = row[keys]
    }
    return dirty
  }

  /** A guest whom the server has not confirmed to exist yet, such as a walk-in of this device. */
  add(guest, keys) {
    this.#put(this.#rows.length, this.#columns.map((column) => guest[column] ?? null))
    this.#keys[this.#rows.length - 1] = keys
  }

  /** The rows and the keys of a chunk, as they are kept. */
  chunk(number) {
    const [from, to] = [number * CHUNK, (number + 1) * CHUNK]
    return { rows: this.#rows.slice(from, to), keys: this.#keys.slice(from, to) }
  }

  get chunks() {
    return Math.ceil(this.#rows.length / CHUNK)
  }

  /** A guest as an object of the columns, or null. */
  guest(id) {
    return this.#at(this.#ids.get(id))
  }

  holder(ticket) {
    return this.#at(this.#byTicket.get(ticket))
  }

  /** The companions of a leader. */
  members(leaderId) {
    this.#members ??= this.#grouped()
    return (this.#members.get(leaderId) ?? []).map((index) => this.#at(index))
  }

  /** The guests whose keys `matches(keys)`, `most` at the most. */
  filter(matches, most) {
    const found = []
    for (let index = 0; index < this.#rows.length && found.length < most; index += 1) {
      if (this.#keys[index] && matches(this.#keys[index])) found.push({ ...this.#at(index), keys: this.#keys[index] })
    }
    return found
  }

  /** Made when first asked for: a door that has just opened needs tickets only. */
  get #ids() {
    this.#byId ??= new Map(this.#rows.map((row, index) => [row[this.#place.id], index]))
    return this.#byId
  }

  #grouped() {
    const groups = new Map()
    for (const [index, row] of this.#rows.entries()) {
      const leader = row[this.#place.leader_id]
      if (leader) groups.set(leader, [...(groups.get(leader) ?? []), index])
    }
    return groups
  }

  #put(index, row) {
    const { id, ticket } = this.#place
    const before = this.#rows[index]
    if (before && before[ticket] !== row[ticket]) this.#byTicket.delete(before[ticket])
    this.#rows[index] = row
    this.#byId?.set(row[id], index)
    if (row[ticket]) this.#byTicket.set(row[ticket], index)
    this.#members = null
  }

  #at(index) {
    if (index === undefined) return null
    const row = this.#rows[index]
    return Object.fromEntries(this.#columns.map((column, place) => [column, row[place]]))
  }
}

function isSame(before, row) {
  return before !== undefined && row.every((value, place) => value === before[place])
}
