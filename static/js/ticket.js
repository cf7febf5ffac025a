/**
 * The ticket code, read on the device: the twin of events/ticket.py, which explains the check character.
 * The door's scanner and search field call `parse`. tests/vectors/tickets.json holds the two together.
 */

export const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
export const SCHEME = 'Y1'
export const LENGTH = 28

const TAG_END = 7
const FIELD_POLYNOMIAL = 0b100101
const LONGEST_INPUT = 512
const LINK = /^https?:\/\/.*\/t\/([^/?#]+).*$/i
const SEPARATORS = /[\p{Cc}\p{Cf}\p{Pd}\p{Z}]/gu
const SYMBOLS = new RegExp(`^[${ALPHABET}]{${LENGTH}}$`)

/** Reads what was scanned or typed: `{tag, secret, text}`, or null when it is no ticket code. */
export function parse(typed) {
  if (typed.length > LONGEST_INPUT) return null
  const text = plain(typed)
  if (!SYMBOLS.test(text) || !text.startsWith(SCHEME)) return null
  if (checkCharacter(text.slice(0, -1)) !== text.at(-1)) return null
  return { tag: text.slice(SCHEME.length, TAG_END), secret: text.slice(TAG_END, -1), text }
}

/** The code as it is printed for people. */
export function grouped(code) {
  const groups = code.slice(SCHEME.length, -1).match(/.{1,5}/g)
  return [SCHEME, ...groups, code.at(-1)].join(' ')
}

/** SHA-256 of the code as hexadecimal digits, to look it up in a manifest. Needs a secure context. */
export async function digest(code) {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(code))
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** What was typed without separators and lookalikes, in upper case: a code, if it is one. */
export function plain(typed) {
  const kept = typed.normalize('NFKC').replace(SEPARATORS, '')
  const code = LINK.exec(kept)?.[1] ?? kept
  return code.toUpperCase().replaceAll('O', '0').replaceAll(/[IL]/g, '1')
}

function checkCharacter(body) {
  let total = 0
  for (const symbol of body) total = timesX(total ^ ALPHABET.indexOf(symbol))
  return ALPHABET[total]
}

function timesX(element) {
  const doubled = element << 1
  return doubled >= ALPHABET.length ? doubled ^ FIELD_POLYNOMIAL : doubled
}
