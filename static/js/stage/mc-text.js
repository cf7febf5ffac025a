/** How a sentence is set on the tablet: how large it can be, and what of it is not broken. Pure; asked by mc-view.js. */

const LONG = 90
const LONGEST = 200

/** `short`, `long` or `longest`; a hanzi is as wide as two letters. */
export function lengthOf(sentence) {
  const width = [...sentence].reduce((sum, char) => sum + (char > '\u2e7f' ? 2 : 1), 0)
  return width <= LONG ? 'short' : width <= LONGEST ? 'long' : 'longest'
}

/** The sentence in pieces `{text, isName}`: each name with its honorific is one, as it is said in one breath. */
export function piecesOf(sentence, people) {
  const names = people.flatMap(({ name, honorific }) => [`${name}${honorific}`, `${honorific} ${name}`, name]).filter((each) => each.trim())
  if (!names.length) return [{ text: sentence, isName: false }]
  const longestFirst = [...new Set(names)].sort((one, other) => other.length - one.length)
  const found = sentence.split(new RegExp(`(${longestFirst.map(quoted).join('|')})`))
  return found.map((text, place) => ({ text, isName: place % 2 === 1 })).filter(({ text }) => text)
}

function quoted(text) {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
