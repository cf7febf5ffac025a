/** The helpers with which the door makes and finds elements: text is always text, never markup. */

const SVG = 'http://www.w3.org/2000/svg'

/** `build('p', {class: 'name'}, ['text', otherElement])`; empty children are left out. */
export function build(tag, attributes = {}, children = []) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children.filter(Boolean))
  return element
}

/** Finds the parts of a page by what they are for: `parts(root)('search')` is its `data-part="search"`. */
export function parts(root) {
  return (name) => root.querySelector(`[data-part="${name}"]`)
}

/** One of the signs that the page has drawn as symbols, by its name. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg')
  const use = document.createElementNS(SVG, 'use')
  svg.setAttribute('class', 'icon')
  svg.setAttribute('aria-hidden', 'true')
  use.setAttribute('href', `#icon-${name}`)
  svg.append(use)
  return svg
}
