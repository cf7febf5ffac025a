/**
 * What a device remembers of the panels over its door from one page to the next: `isLocked`, `lockMinutes`, `isRehearsal`.
 * panels.js keeps it, and the kiosk locks the door with it, which a guest could otherwise open by its address.
 */

const NAME = 'panels'

export class Settings {
  #station
  #values

  static async open(station) {
    const settings = new Settings()
    settings.#station = station
    settings.#values = (await station.setting(NAME)) ?? {}
    return settings
  }

  get isLocked() {
    return Boolean(this.#values.isLocked)
  }

  /** Idle minutes after which the station locks itself; 0: never. */
  get lockMinutes() {
    return this.#values.lockMinutes ?? 0
  }

  get isRehearsal() {
    return Boolean(this.#values.isRehearsal)
  }

  /** Resolves when the next page will know it. */
  async remember(changes) {
    this.#values = { ...this.#values, ...changes }
    await this.#station.remember(NAME, this.#values)
  }
}
