/**
 * Finding a guest without the server, by the rules of events/names.py: the keys come from there, so that the device needs
 * no dictionary, and tests/vectors/names.json holds both to the same cases. Keys hold a name in simplified and in
 * traditional characters, so a query in either finds it as it is typed. Folding is for comparison only.
 */

const MOST_ASKED = 64
const LONGEST_PIECE = 32
const MOST_COMPARED = 400
const JOINTS = /['’‘ʼʻ`´＇.．\-‐‑‒–－]/g
const LETTERS = { ø: 'o', đ: 'd', ð: 'd', ł: 'l', ħ: 'h', ı: 'i', ŧ: 't', æ: 'ae', œ: 'oe', þ: 'th', ß: 'ss' }
const TYPED_AS = { '𠮷': '吉', 喆: '哲', 堃: '坤', 邨: '村', 衞: '卫', 苧: '苎' }
const COMPOUND_SURNAME =
  /^(?:欧阳|歐陽|司徒|上官|诸葛|諸葛|夏侯|令狐|尉迟|尉遲|万俟|萬俟|司马|司馬|东方|東方|皇甫|公孙|公孫|慕容|长孙|長孫|宇文|轩辕|軒轅|端木|独孤|獨孤|南宫|南宮|呼延|闻人|聞人|淳于|单于|單于|澹台|澹臺|濮阳|濮陽|申屠|太史|鲜于|鮮于|百里|拓跋|赫连|赫連|钟离|鍾離)/

/** What is compared instead of `text`: no case, accents or joints, one space between words. */
export function plain(text) {
  const cased = text.replace(JOINTS, '').normalize('NFKC').toLowerCase()
  const bare = cased.normalize('NFKD').replace(/[\u0300-\u036f]/g, '')
  const composed = bare.replace(/[øđðłħıŧæœþß]/g, (letter) => LETTERS[letter]).replace(JOINTS, '').normalize('NFKC')
  return composed.replace(/[^\p{L}\p{M}\p{N}]+/gu, ' ').trim()
}

/** The pieces of a query, every one of which must be found. */
export function pieces(query) {
  const usual = plain(cut(query, MOST_ASKED)).replace(/[𠮷喆堃邨衞苧]/gu, (character) => TYPED_AS[character])
  const joined = usual.replace(/(?<=[0-9]) (?=[0-9])/g, '').replace(/(?<=[a-z])[1-5](?![0-9])/g, '')
  const found = joined.match(/[a-z]+|[0-9]+|[^a-z0-9 ]+/gu) ?? []
  return found.map((piece) => (/^[0-9]+$/.test(piece) ? piece.slice(-4) : cut(piece, LONGEST_PIECE)))
}

/** Whether every piece stands in `keys`, the text in which each key is between two line feeds. */
export function matches(asked, keys) {
  return asked.length > 0 && asked.every((piece) => keys.includes(isAscii(piece) ? `\n${piece}` : piece))
}

/**
 * How near a found guest is, nearest first: 0 the whole name, 1 the surname or a Latin word of the name, 2 the beginning
 * of the name or of such a word, 3 another part of it, 4 not the name but the organisation or the phone. Pinyin is read
 * from the keys: those of a Chinese name begin at each syllable, so each reading ends in a shorter one.
 */
export function nearness(asked, { name, name_latin: latin, keys }) {
  const { whole, near, starts, parts } = tiersOf(name ?? '', latin ?? '', keys)
  const distance = (piece) => {
    if (whole.has(piece)) return 0
    if (near.has(piece)) return 1
    if (starts.some((start) => start.startsWith(piece))) return 2
    return parts.some((part) => (isAscii(piece) ? part.startsWith(piece) : part.includes(piece))) ? 3 : 4
  }
  return Math.min(...[...asked, asked.join('')].map(distance))
}

/** The `most` nearest of the roster's guests that match. */
export function seek(roster, query, most) {
  const asked = pieces(query)
  const found = roster.filter((keys) => matches(asked, keys), MOST_COMPARED)
  const ranked = found.map((guest) => ({ guest, rank: nearness(asked, guest) }))
  return ranked.sort((left, right) => left.rank - right.rank).slice(0, most).map(({ guest }) => guest)
}

function tiersOf(name, latin, text) {
  const keys = text.split('\n').filter(Boolean)
  const written = writtenIn(name, keys)
  const spoken = spokenIn(keys, [...(written[0] ?? '')].length)
  const words = plain(`${latin} ${name}`).match(/[a-z]+/g) ?? []
  const surnames = written.map((form) => cut(form, COMPOUND_SURNAME.test(form) ? 2 : 1))
  const whole = new Set([...written, ...spoken[0], words.join(''), plain(latin).replaceAll(' ', '')].filter(Boolean))
  const near = new Set([...surnames, ...words, ...surnamesIn(spoken)])
  const starts = [...whole, ...near, ...initialsIn(keys, [...(written[0] ?? '')].length)]
  return { whole, near, starts, parts: [...written, ...spoken.flat(), ...words] }
}

/** The keys that are the name in one script or the other: as long as it is, and alike. */
function writtenIn(name, keys) {
  const own = plain(name).replaceAll(' ', '')
  if (!own || isAscii(own)) return []
  const length = [...own].length
  const isForm = (key) => !isAscii(key) && [...key].length === length && [...key].some((character) => own.includes(character))
  return [own, ...keys.filter((key) => key !== own && isForm(key))]
}

/** The readings of a name of `length` syllables, and of all its ends: the whole first, the last syllable last. */
function spokenIn(keys, length) {
  const latin = keys.filter((key) => /^[a-z]+$/.test(key))
  const levels = [latin.filter((key) => key.length > 1 && key.length <= 6)]
  for (let count = 1; count < length && count < 8; count += 1) {
    const shorter = new Set(levels[0])
    levels.unshift(latin.filter((key) => endsOf(key).some((end) => shorter.has(end))))
  }
  return levels
}

/** What is left of a reading without its first syllable, wherever that may end. */
function endsOf(key) {
  return [1, 2, 3, 4, 5, 6].map((place) => key.slice(place)).filter(Boolean)
}

function initialsIn(keys, length) {
  return keys.filter((key) => key.length === length && /^[a-z]+$/.test(key) && keys.includes(key.slice(1)))
}

function surnamesIn([whole = [], rest = []]) {
  const ends = new Set(rest)
  return whole.flatMap((key) => endsOf(key).filter((end) => ends.has(end)).map((end) => key.slice(0, -end.length)))
}

function cut(text, length) {
  return [...text].slice(0, length).join('')
}

function isAscii(text) {
  return !/[^\u0000-\u007f]/.test(text)
}
