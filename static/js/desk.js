/*
 * The desk with JavaScript on: asks before what cannot be taken back, searches while one types.
 * Every page works without it.
 */

const TYPING_PAUSE_MS = 250;

/** Comes before `once.js` counts the press, so that whoever says no may press again. */
function askFirst(event) {
  const question = event.target.dataset.confirm;
  if (!question || window.confirm(question)) return;
  event.preventDefault();
  event.stopPropagation();
}

/** Searches again after each pause in typing and shows the newest answer only. */
class Seeker {
  #form;
  #found = document.getElementById("found");
  #told = document.getElementById("told");
  #timer = 0;
  #asked = new AbortController();

  constructor(form) {
    this.#form = form;
  }

  start() {
    this.#form.addEventListener("input", (event) => event.isComposing || this.#later());
    this.#form.addEventListener("compositionend", () => this.#later());
    this.#form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#seek();
    });
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#seek(), TYPING_PAUSE_MS);
  }

  async #seek() {
    clearTimeout(this.#timer);
    this.#asked.abort();
    this.#asked = new AbortController();
    const address = `${location.pathname}?${new URLSearchParams(new FormData(this.#form))}`;
    const answer = await pageAt(address, this.#asked.signal);
    if (answer.gone) return;
    const found = answer.page?.getElementById("found");
    if (!found) return location.assign(address);
    this.#found.replaceChildren(...found.childNodes);
    this.#told.textContent = this.#found.querySelector("caption, .empty").textContent.trim();
    history.replaceState(null, "", address);
  }
}

/** The page at an address: `{page}`, `{gone: true}` where a newer question took its place, `{}` where none came. */
async function pageAt(address, signal) {
  try {
    const response = await fetch(address, { signal });
    if (!response.ok || response.redirected) return {};
    return { page: new DOMParser().parseFromString(await response.text(), "text/html") };
  } catch {
    return { gone: signal.aborted };
  }
}

document.addEventListener("submit", askFirst, { capture: true });
for (const form of document.querySelectorAll("form[data-seek]")) new Seeker(form).start();
