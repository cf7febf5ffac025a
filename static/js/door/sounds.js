/**
 * What the door says to the ear, made by the browser itself. Phones are silent until the first tap, so door.js calls
 * `unlock` on it. Each outcome has its own figure: rising for yes, two equal tones for wait, a low fall for no.
 */

const SHORT = 0.09
const FIGURES = {
  read: [[660, 0.04]],
  green: [[660, SHORT], [990, 0.16]],
  honour: [[660, SHORT], [880, SHORT], [1320, 0.3]],
  exit: [[880, SHORT], [660, 0.12]],
  amber: [[440, 0.14], [0, 0.07], [440, 0.22]],
  red: [[220, 0.2], [165, 0.42]],
}
const VIBRATIONS = { green: [40], honour: [40, 60, 40, 60, 120], exit: [40], amber: [120, 80, 120], red: [400] }
const OF_SCREEN = {
  reading: 'read',
  admitted: 'green',
  reentered: 'green',
  valid_unsynced: 'green',
  admitted_vip: 'honour',
  exited: 'exit',
  cancelled: 'red',
  revoked: 'red',
  other_event: 'red',
  unknown: 'red',
}

/** The figure for a screen of the lane; whatever is neither green nor red asks for attention. */
export function figureOf(name) {
  return OF_SCREEN[name] ?? 'amber'
}

export class Sounds {
  #context = null

  /** Makes sound possible; must be called from a tap or a key. Resolves to whether there will be sound. */
  async unlock() {
    this.#context ??= typeof AudioContext === 'undefined' ? null : new AudioContext()
    await this.#context?.resume().catch(() => {})
    return this.isOn
  }

  get isOn() {
    return this.#context?.state === 'running'
  }

  play(figure) {
    navigator.vibrate?.(VIBRATIONS[figure] ?? [])
    if (!this.isOn) return
    let start = this.#context.currentTime
    for (const [hertz, seconds] of FIGURES[figure]) {
      if (hertz) this.#tone(hertz, start, seconds, figure === 'red' ? 'sawtooth' : 'sine')
      start += seconds
    }
  }

  #tone(hertz, start, seconds, type) {
    const oscillator = new OscillatorNode(this.#context, { type, frequency: hertz })
    const gain = new GainNode(this.#context, { gain: 0 })
    gain.gain.setValueAtTime(0, start)
    gain.gain.linearRampToValueAtTime(0.35, start + 0.008)
    gain.gain.setValueAtTime(0.35, start + seconds - 0.015)
    gain.gain.linearRampToValueAtTime(0, start + seconds)
    oscillator.connect(gain).connect(this.#context.destination)
    oscillator.start(start)
    oscillator.stop(start + seconds)
  }
}
