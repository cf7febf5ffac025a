/**
 * Keeps a part of a page fresh: `<div id="devices" data-live="5">` is fetched again with its page every five seconds,
 * until it comes back without `data-live`. A line marked `data-live-lost` shows while no answer comes.
 * Every page works without it, by reloading.
 */

const PATIENCE = 2;

class LivePart {
  #part;
  #missed = 0;

  constructor(part) {
    this.#part = part;
  }

  start() {
    const seconds = Number(this.#part.dataset.live);
    if (seconds) setTimeout(() => this.#turn(), seconds * 1000);
  }

  async #turn() {
    if (!document.hidden && !this.#isBusy()) this.#take(await partAt(location.href, this.#part.id));
    this.start();
  }

  /** A part that somebody types in or has unfolded is left alone. */
  #isBusy() {
    return this.#part.querySelector("details[open], :is(input, select, textarea):focus") !== null;
  }

  #take(fresh) {
    this.#missed = fresh ? 0 : this.#missed + 1;
    for (const line of document.querySelectorAll("[data-live-lost]")) line.hidden = this.#missed < PATIENCE;
    if (!fresh || fresh.innerHTML === this.#part.innerHTML) return;
    const focused = this.#part.contains(document.activeElement) && document.activeElement.id;
    this.#part.replaceChildren(...fresh.childNodes);
    this.#part.dataset.live = fresh.dataset.live ?? "";
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }
}

/** The part as it stands now at an address; undefined where no answer came, or another page. */
async function partAt(address, id) {
  try {
    const response = await fetch(address);
    if (!response.ok || response.redirected) return undefined;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    return page.getElementById(id) ?? undefined;
  } catch {
    return undefined;
  }
}

for (const part of document.querySelectorAll("[data-live]")) new LivePart(part).start();
