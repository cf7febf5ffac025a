/**
 * One scanner on one device: of several tabs on the same door one holds the lease, and the next takes over when it closes.
 * Without Web Locks (a page over plain HTTP) every tab scans, as nothing can tell them apart. door.js asks first of all.
 */

export class Lease {
  #locks
  #name

  constructor(name, { locks = globalThis.navigator?.locks } = {}) {
    this.#locks = locks
    this.#name = name
  }

  /** Resolves when this tab may scan; `onWait()` if another one does, `onLost()` when another one took over later. */
  async hold({ onWait, onLost }) {
    if (!this.#locks) return
    const isFree = await this.#claim({ ifAvailable: true }, onLost)
    if (isFree) return
    onWait()
    await this.#claim({}, onLost)
  }

  /** Takes the lease from the tab that has it; whoever waits in `hold` goes on. */
  async takeOver({ onLost }) {
    await this.#claim({ steal: true }, onLost)
  }

  /** Resolves to whether the lease is held; it then stays so until the page is closed. */
  #claim(options, onLost) {
    return new Promise((resolve) => {
      const held = (lock) => {
        resolve(Boolean(lock))
        return lock && new Promise(() => {})
      }
      this.#locks.request(this.#name, options, held).catch(onLost)
    })
  }
}
