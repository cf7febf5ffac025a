/** The tablet on which somebody signs: takes the strokes, sends them, and turns the page when the round goes on. */

import SignaturePad from '../../vendor/signature_pad/index.js'
import { request } from '../door/http.js'
import { strokesOf } from './strokes.js'

const LOOK_MS = 3_000
const ROOM_BYTES = 1_000

const part = (name) => document.querySelector(`[data-part="${name}"]`)

class Field {
  #canvas = part('pad')
  #message = part('message')
  #pad = new SignaturePad(this.#canvas, { minWidth: 1, maxWidth: 3.5, minDistance: 2 })

  start() {
    this.#pad.addEventListener('beginStroke', () => this.#say(''))
    this.#pad.addEventListener('beginStroke', () => (part('hint').hidden = true))
    part('clear').addEventListener('click', () => this.#clear())
    part('done').addEventListener('click', () => this.#send())
    new ResizeObserver(() => this.#fill()).observe(this.#canvas)
  }

  isEmpty() {
    return this.#pad.isEmpty()
  }

  /** The canvas has as many points as the screen; turning the tablet keeps what was drawn. */
  #fill() {
    const drawn = this.#pad.toData()
    const ratio = Math.max(devicePixelRatio, 1)
    this.#canvas.width = this.#canvas.clientWidth * ratio
    this.#canvas.height = this.#canvas.clientHeight * ratio
    this.#canvas.getContext('2d').scale(ratio, ratio)
    this.#pad.fromData(drawn)
  }

  #clear() {
    this.#pad.clear()
    part('hint').hidden = false
    this.#say('')
  }

  async #send() {
    if (this.isEmpty()) return this.#say(this.#message.dataset.empty)
    part('done').disabled = true
    const { url, participant, next, points, bytes } = this.#canvas.dataset
    const room = { points: Number(points), bytes: Number(bytes) - ROOM_BYTES }
    const body = { participant, strokes: strokesOf(this.#pad.toData(), room) }
    const { ok, problem } = await request(url, { method: 'POST', body })
    if (ok) return location.assign(next)
    part('done').disabled = false
    this.#say([this.#message.dataset.failed, problem?.detail].filter(Boolean).join(' '))
  }

  #say(words) {
    this.#message.textContent = words
  }
}

/** Loads the page anew when it is about something else by now, unless somebody is writing on it. */
async function look(field) {
  const fresh = field && !field.isEmpty() ? undefined : await keyNow()
  if (fresh !== undefined && fresh !== document.body.dataset.key && (!field || field.isEmpty())) location.reload()
  else setTimeout(look, LOOK_MS, field)
}

/** What the page is about now; undefined where no answer came. */
async function keyNow() {
  try {
    const response = await fetch(location.href)
    if (!response.ok || response.redirected) return undefined
    return new DOMParser().parseFromString(await response.text(), 'text/html').body.dataset.key
  } catch {
    return undefined
  }
}

const field = part('pad') ? new Field() : null
field?.start()
setTimeout(look, LOOK_MS, field)
