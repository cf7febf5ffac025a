/** The camera and the decoder behind it as one: what they see is given to `onText`. door.js owns it. */

import { Camera } from './camera.js'
import { Decoder } from './decoder.js'

const LENS = 'yingbin.door.lens'

export class Eyes {
  #camera
  #decoder = null
  #part
  #view
  #onText

  /** `part(name)` finds the page's parts; `view` draws what the camera does. */
  constructor({ part, view, onText }) {
    this.#part = part
    this.#view = view
    this.#onText = onText
    this.#camera = new Camera(part('video'), { onLost: () => view.camera('starting') })
  }

  wire() {
    this.#part('camera-start').addEventListener('click', () => this.start())
    this.#part('lens').addEventListener('change', (event) => {
      // A chooser that keeps the focus would take the first keys of a hardware scanner for a choice.
      event.target.blur()
      this.start(event.target.value)
    })
  }

  /** Starts by itself where that was allowed before. */
  async resume() {
    const permission = await navigator.permissions?.query({ name: 'camera' }).catch(() => null)
    if (permission?.state === 'granted') await this.start()
  }

  /** Starts a lens, the one chosen last by default: `{ok}`, or `{ok: false, reason}`, a word key. */
  async start(lens = localStorage.getItem(LENS) ?? '') {
    this.#view.camera('starting')
    let started = await this.#camera.start(lens)
    if (!started.ok && lens) started = await this.#camera.start()
    this.#view.camera(started.ok ? 'on' : 'off', started.reason)
    if (!started.ok) return started
    if (lens) localStorage.setItem(LENS, lens)
    this.#view.lenses(await this.#camera.lenses())
    this.#watch()
    return started
  }

  #watch() {
    if (this.#decoder) return
    this.#decoder = new Decoder({ onBroken: () => this.#view.camera('off', 'decoder_broken') })
    this.#camera.watch(async (image) => {
      const text = await this.#decoder.read(image)
      if (text) this.#onText(text)
    })
  }
}
