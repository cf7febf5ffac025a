/**
 * Tells the server how the device is: what waits, how old its data is, how full the battery. Every fifteen seconds, and
 * after a queue was emptied. Only a paired device reports. station.js owns it and is given the answer.
 */

const EVERY_MS = 15_000

export class Report {
  #ask
  #url
  #told
  #credential
  #onAnswer
  #timer = 0

  /** `told()` answers what to send, in the name of `credential()`; `onAnswer(data, credential)` gets what came back. */
  constructor({ ask, url, told, credential, onAnswer }) {
    this.#ask = ask
    this.#url = url
    this.#told = told
    this.#credential = credential
    this.#onAnswer = onAnswer
  }

  start() {
    this.stop()
    this.#timer = setInterval(() => this.send(), EVERY_MS)
    return this.send()
  }

  stop() {
    clearInterval(this.#timer)
  }

  async send() {
    const body = { ...this.#told(), ...(await batteryOf(globalThis.navigator)) }
    const steward = this.#credential()
    const answer = await this.#ask(this.#url, { method: 'POST', body, steward })
    if (answer.ok) this.#onAnswer(answer.data, steward)
  }
}

/** `{battery}` in percent, where the browser tells. */
export async function batteryOf(browser) {
  try {
    const battery = await browser?.getBattery?.()
    return battery ? { battery: Math.round(battery.level * 100) } : {}
  } catch {
    return {}
  }
}
