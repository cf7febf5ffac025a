/** The stage's pages with JavaScript on: presses that count once, and a search for whoever steps in. */

import { Presses } from './presses.js'
import { Suggestions } from './suggestions.js'

const presses = new Presses(() => performance.now())

function meet(root) {
  for (const form of root.querySelectorAll('form[data-press]')) presses.appeared(form)
  if (root.matches?.('form[data-press]')) presses.appeared(root)
}

function guard(event) {
  if (!event.target.matches('form[data-press]') || presses.takes(event.target)) return
  event.preventDefault()
  event.stopPropagation()
}

meet(document)
new MutationObserver((changes) => {
  for (const { addedNodes } of changes) for (const node of addedNodes) if (node.nodeType === Node.ELEMENT_NODE) meet(node)
}).observe(document.body, { childList: true, subtree: true })
document.addEventListener('submit', guard, { capture: true })
window.addEventListener('pageshow', () => presses.returned())
for (const field of document.querySelectorAll('input[data-suggest]')) new Suggestions(field).start()
