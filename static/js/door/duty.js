/**
 * Who is on duty at this device: the credential that goes with every scan, and a hash of the PIN, so that the station can
 * be unlocked without a network. The hash is slow to compute; six digits are few, so it falls with the device's manifest
 * when that is revoked. door.js joins it to the sign-on panel and the lock.
 */

const ROUNDS = 210_000
const KEY = 'duty'

export class Duty {
  #storage
  #subtle
  #kept = null

  static async open(storage, { subtle = globalThis.crypto?.subtle } = {}) {
    const duty = new Duty()
    duty.#storage = storage
    duty.#subtle = subtle
    duty.#kept = (await storage.get('meta', KEY)) ?? null
    return duty
  }

  /** `{id, name, lead}`, or null while nobody is signed on. */
  get steward() {
    return this.#kept?.steward ?? null
  }

  get credential() {
    return this.#kept?.credential ?? ''
  }

  async signOn({ steward, credential, pin }) {
    const salt = crypto.getRandomValues(new Uint8Array(16))
    this.#kept = { steward, credential, salt, hash: this.#subtle ? await this.#hash(pin, salt) : null }
    await this.#storage.write([{ store: 'meta', key: KEY, value: this.#kept }], { isStrict: true })
  }

  async signOff() {
    this.#kept = null
    await this.#storage.write([{ store: 'meta', key: KEY, drop: true }], { isStrict: true })
  }

  /** Whether this is the PIN of whoever is signed on. */
  async verify(pin) {
    return Boolean(this.#kept?.hash) && (await this.#hash(pin, this.#kept.salt)) === this.#kept.hash
  }

  async #hash(pin, salt) {
    const key = await this.#subtle.importKey('raw', new TextEncoder().encode(pin), 'PBKDF2', false, ['deriveBits'])
    const bits = await this.#subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: ROUNDS }, key, 128)
    return String(new Uint8Array(bits))
  }
}
