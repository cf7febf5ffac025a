/**
 * Makes a part of the page like the one that the server sent, and leaves alone what is the same in both: a button under
 * a finger, what somebody types in, what they unfolded, where the focus is. What has an `id` is known by it; the rest by
 * its place.
 */
export function morph(shown, sent) {
  if (shown.isEqualNode(sent)) return
  dress(shown, sent)
  const known = keptOf(shown, sent)
  let place = shown.firstChild
  for (const wanted of [...sent.childNodes]) {
    const same = wanted.id ? known.get(wanted.id) : isAlike(place, wanted) ? place : null
    if (same !== place || !same) shown.insertBefore(same ?? wanted, place)
    if (!same) continue
    known.delete(wanted.id)
    if (same === place) place = place.nextSibling
    fill(same, wanted)
  }
  while (place) {
    const following = place.nextSibling
    place.remove()
    place = following
  }
}

/** The children that stay, by their id; the others of those with an id go. */
function keptOf(shown, sent) {
  const named = [...shown.children].filter((child) => child.id)
  const wanted = new Set([...sent.children].map((child) => child.id))
  for (const child of named) if (!wanted.has(child.id)) child.remove()
  return new Map(named.filter((child) => wanted.has(child.id)).map((child) => [child.id, child]))
}

function isAlike(shown, wanted) {
  return shown !== null && !shown.id && shown.nodeName === wanted.nodeName
}

function fill(shown, wanted) {
  if (shown.nodeType === Node.ELEMENT_NODE) morph(shown, wanted)
  else if (shown.data !== wanted.data) shown.data = wanted.data
}

/** Whether something is unfolded is the reader's business. */
function dress(shown, sent) {
  for (const { name } of [...shown.attributes]) {
    if (!sent.hasAttribute(name) && name !== 'open') shown.removeAttribute(name)
  }
  for (const { name, value } of sent.attributes) {
    if (shown.getAttribute(name) !== value) shown.setAttribute(name, value)
  }
}
