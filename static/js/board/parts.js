import { morph } from './morph.js'

/** Renews what changed: each `[data-part]` of the page becomes like the part of the same name in `html`. */
export function replaceParts(root, html) {
  const sent = new DOMParser().parseFromString(html, 'text/html')
  for (const part of sent.querySelectorAll('[data-part]')) {
    const shown = root.querySelector(`[data-part="${part.dataset.part}"]`)
    if (shown) morph(shown, part)
  }
}
