/** The one helper with which the door makes elements: text is always text, never markup. */

/** `build('p', {class: 'name'}, ['text', otherElement])`; empty children are left out. */
export function build(tag, attributes = {}, children = []) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children.filter(Boolean))
  return element
}
