/**
 * Where this door stands and which way people walk: the gate and the direction, as the page shows them, the address keeps
 * them, and the device remembers them. door.js owns it.
 */

const SETTINGS = 'place'

export class Place {
  #part
  #view
  #station
  #device
  #settings = {}

  /** `device`: as it was paired, or null. */
  constructor({ part, view, station, device }) {
    this.#part = part
    this.#view = view
    this.#station = station
    this.#device = device
  }

  /** Brings back what an earlier page remembered; a gate in the address goes before it. */
  async restore() {
    this.#settings = (await this.#station.setting(SETTINGS)) ?? {}
    if (this.#station.gates.length) this.refreshed(this.#station.gates)
    const asked = new URL(location.href).searchParams
    const wanted = asked.get('gate') ?? this.#movedTo
    if (this.#options.includes(wanted)) this.#stand(wanted)
    if (asked.has('fresh')) this.#keepInAddress()
    for (const radio of this.#radios) if (radio.value === this.#settings.direction) radio.checked = true
    this.#view.direction(this.direction)
  }

  wire() {
    this.#part('gate').addEventListener('change', (event) => {
      // A chooser that keeps the focus would take the first keys of a hardware scanner for a choice.
      event.target.blur()
      this.#keepInAddress()
    })
    for (const radio of this.#radios) {
      radio.addEventListener('change', () => {
        this.#remember({ direction: this.direction })
        this.#view.direction(this.direction)
      })
    }
  }

  get gate() {
    return this.#part('gate').value
  }

  get direction() {
    return this.#radios.find((radio) => radio.checked).value
  }

  /** The gates have changed. */
  refreshed(gates) {
    const chosen = gates.some(({ id }) => id === this.gate) ? this.gate : gates[0]?.id
    this.#view.gates(gates, chosen)
  }

  /**
   * The desk says where the device belongs; only a change moves it, as a lead may have chosen another gate here. A gate
   * that is not here yet waits for the list: the next report tells of it again.
   */
  moved(gate) {
    if (gate === (this.#movedTo ?? this.#device.gate_id) || !this.#options.includes(gate)) return
    this.#remember({ moved: { device: this.#device.id, gate } })
    this.#stand(gate)
    this.#keepInAddress()
  }

  /** The page's address with these parameters, and without those that were for one loading only. */
  addressWith(parameters, address = location.href) {
    const url = new URL(address)
    for (const name of ['fresh', 'lang']) url.searchParams.delete(name)
    for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
    return url
  }

  /** Where the desk sent this device since it was paired; what it was before does not count. */
  get #movedTo() {
    const { moved } = this.#settings
    return moved?.device === this.#device?.id ? moved?.gate : undefined
  }

  get #options() {
    return [...this.#part('gate').options].map((option) => option.value)
  }

  get #radios() {
    return [...this.#part('directions').querySelectorAll('input')]
  }

  #stand(gate) {
    this.#part('gate').value = gate
    this.#part('gate-name').textContent = this.#part('gate').selectedOptions[0]?.textContent ?? ''
  }

  #keepInAddress() {
    history.replaceState(null, '', this.addressWith({ gate: this.gate }))
    for (const link of this.#part('languages').querySelectorAll('a')) {
      const url = new URL(link.href)
      url.searchParams.set('gate', this.gate)
      link.href = url
    }
  }

  #remember(changes) {
    Object.assign(this.#settings, changes)
    this.#station.remember(SETTINGS, this.#settings)
  }
}
