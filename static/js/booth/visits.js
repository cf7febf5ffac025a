/**
 * The booth's way to the server: a code is kept, sent, and answered or kept for later. It knows neither DOM nor camera.
 * booth.js shows what `meet` resolves to; what waited is sent by `flush`.
 */

import { newId } from '../door/ids.js'
import { codeWithin } from '../door/scanner.js'

const SILENCE_MS = 8_000
const NOTHING = { code: '', at: 0 }
const PASSING = new Set([0, 408, 425, 429])

export class Visits {
  #waiting
  #send
  #now
  #last = NOTHING
  #asked = new Set()
  #isFlushing = false

  /** `send(body)` answers as door/http.js does. */
  constructor({ waiting, send, now = Date.now }) {
    this.#waiting = waiting
    this.#send = send
    this.#now = now
  }

  /** The code in what was read, else the text itself; null where it is what was read a moment ago. */
  fresh(text) {
    const code = codeWithin(text) ?? text
    const isSame = code === this.#last.code && this.#now() - this.#last.at < SILENCE_MS
    this.#last = { code, at: this.#now() }
    return isSame ? null : code
  }

  /** Lets the same code be read again at once. */
  forget() {
    this.#last = NOTHING
  }

  /**
   * Asks for a visitor: `{result: 'shared', lead, repeated}`, `{result: 'not_agreed'}`, `{result: 'unknown'}`,
   * `{result: 'kept'}` without an answer, `{result: 'failed'}` where the server will not take it, or `{result: 'revoked'}`.
   */
  async meet(code) {
    if (!codeWithin(code)) return { result: 'unknown' }
    const visit = { id: newId(), code, at: this.#now() }
    this.#waiting.keep(visit)
    return { ...(await this.#ask(visit)), visit }
  }

  /** Changes the note of a visitor who agreed, or takes it away: whether it was saved; not where they agree no more. */
  async note(visit, note) {
    const answer = await this.#send({ id: visit.id, code: visit.code, note })
    return answer.ok && answer.data.result === 'shared'
  }

  /** Sends what waits, the oldest first: how many were met, and how many had not agreed; `revoked` ends it. */
  async flush() {
    const sent = { met: 0, notAgreed: 0, revoked: false }
    if (this.#isFlushing) return sent
    this.#isFlushing = true
    for (const visit of this.#waiting.all.filter(({ id }) => !this.#asked.has(id))) {
      const { result } = await this.#ask(visit)
      sent.met += Number(result === 'shared')
      sent.notAgreed += Number(result === 'not_agreed')
      sent.revoked ||= result === 'revoked'
      if (result === 'kept' || result === 'revoked') break
    }
    this.#isFlushing = false
    return sent
  }

  async #ask(visit) {
    this.#asked.add(visit.id)
    const { id, code, at } = visit
    const answer = await this.#send({ id, code, ago_s: Math.max(0, (this.#now() - at) / 1000) })
    this.#asked.delete(visit.id)
    if (!answer.ok && isPassing(answer.status)) return { result: 'kept' }
    if (answer.status === 401) return { result: 'revoked' }
    this.#waiting.drop(visit.id)
    if (!answer.ok) return { result: 'failed' }
    return { result: answer.data.result, lead: answer.data.lead, repeated: answer.data.repeated }
  }
}

function isPassing(status) {
  return PASSING.has(status) || status >= 500
}
