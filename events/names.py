"""How a name is searched: by characters of either script, pinyin, initials and the guest's own spelling.

The guest list makes and stores the keys, its search and the door's ask for them, and the manifest carries
them, so that a phone needs no dictionary. `sort_key` puts lists on paper in order. Folding is for comparison
only: nothing that comes out of here is ever shown, because it does not tell how a person writes or pronounces
a name.

A query is cut into pieces, and every piece must be found. A piece of ASCII letters or digits begins a key;
any other piece (hanzi, kana, Cyrillic …) stands anywhere in one. opencc and pypinyin are opened at first use.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, lru_cache
from importlib import import_module
from itertools import chain, product
from math import prod

MAX_QUERY = 64
"""Characters of a query that are read."""

MAX_PIECE = 32
"""Letters that are compared, in keys and queries alike."""

MAX_WAYS = 64
"""Ways to read one name that are kept; see `_ways`."""

MAX_NAME_BYTES = 1000
MAX_ORGANISATION_BYTES = 500

_JOINTS = dict.fromkeys(map(ord, "'’‘ʼʻ`´＇.．-‐‑‒–－"))
_GAPS = dict.fromkeys(_JOINTS, " ")
_LETTERS = str.maketrans("øđðłħıŧ", "oddlhit") | str.maketrans({"æ": "ae", "œ": "oe", "þ": "th"})
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_TYPED_AS = str.maketrans({"𠮷": "吉", "喆": "哲", "堃": "坤", "邨": "村", "衞": "卫", "苧": "苎"})
_TONE = re.compile(r"(?<=[a-z])[1-5](?![0-9])")
_PIECE = re.compile(r"[a-z]+|[0-9]+|[^a-z0-9 ]+")
_SURNAME_READINGS = {"黑": "he", "贠": "yun", "谌": "shen", "筰": "ze"}
_SURNAME_SAID = _SURNAME_READINGS | {
    pair[0]: pair[1:]
    for pair in re.findall(
        r"\S+",
        "单shan 曾zeng 解xie 区ou 仇qiu 查zha 朴piao 盖ge 乐yue 翟zhai 缪miao 覃qin 冼xian 洗xian 种chong 员yun 召shao "
        "折she 那na 瞿qu 燕yan 任ren 华hua 纪ji 尹yin 逄pang 隗wei 郗xi 晁chao 句gou 秘bi 车che 祭zhai 宿su 繁po",
    )
}
"""How a surname is most often said, which for many is not how the character is most often read."""
_COMPOUND_SURNAME = re.compile(
    "欧阳|司徒|上官|诸葛|夏侯|令狐|尉迟|万俟|司马|东方|皇甫|公孙|慕容|长孙|宇文|轩辕|端木|独孤|南宫|呼延|"
    "闻人|淳于|单于|澹台|濮阳|申屠|太史|鲜于|百里|拓跋|赫连|钟离"
)
_LAST = ("\uffff",)
_PLACE = "中国|广东省?|香港|澳门|深圳市?|广州市?|北京市?|上海市?|粤港澳大湾区"
_LEGAL_FORM = "股份|集团|控股|国际|有限|责任|公司"
_AROUND_SHORT_NAME = re.compile(f"^(?:{_PLACE})+|(?:{_PLACE}|{_LEGAL_FORM})+$")
_SMALL_WORDS = re.compile("an?|and|at|d[aeio]|del|dos|for|la|of|the|van|von")


def search_keys(*, name: str, name_latin: str = "", organisation: str = "", phone: str = "") -> tuple[str, ...]:
    """The keys that find a guest, sorted, each once, at most 1.5 kB together."""
    own = chain(_phone_keys(phone), _name_keys(name, name_latin))
    keys = {*_within(own, limit=MAX_NAME_BYTES)}
    keys.update(_within(_organisation_keys(organisation), limit=MAX_ORGANISATION_BYTES))
    return tuple(sorted(keys))


def fold(text: str) -> str:
    """What is compared instead of `text`: simplified, no case, accents or joints, one space between words."""
    return _simplified(_plain(text))


def matches(query: str, keys: Iterable[str]) -> bool:
    """Whether every piece of `query` is found in `keys`; a query without a letter or digit finds nobody."""
    known, pieces = tuple(keys), _asked(query)
    return bool(pieces) and all(_found(piece, known) for piece in pieces)


def order(query: str, name: str, name_latin: str = "") -> int:
    """How near the name is, nearest first.

    0 the whole name, 1 the surname or a Latin word of the name, 2 the beginning of the name or of such a word,
    3 another part of it, 4 not the name (but perhaps the organisation or the phone).
    """
    pieces = _asked(query)
    asked = (*pieces, "".join(pieces)) if pieces else ()
    tiers = _tiers(name, name_latin)
    return min((_distance(piece, *tiers) for piece in asked), default=4)


def sort_key(name: str, name_latin: str = "") -> tuple[tuple[str, ...], str]:
    """Where a name stands in a list ordered by pinyin, Latin names among the others by their letters.

    A surname is read as the guest spells it, else as surnames are (单 shan, 曾 zeng, 区 ou); both scripts share a
    place. What cannot be read stands last.
    """
    return _spoken(name, name_latin) or _LAST, name


def index_letter(name: str, name_latin: str = "") -> str:
    """The letter under which `sort_key` puts a name, A to Z, or # for what cannot be read."""
    words = _spoken(name, name_latin)
    return words[0][0].upper() if words else "#"


def surname_length(name: str) -> int:
    """How many characters of a Chinese name are the surname."""
    return 2 if _COMPOUND_SURNAME.match(fold(name)) else 1


def to_column(keys: Iterable[str]) -> str:
    """The keys as one text column, each between two line feeds."""
    return "\n" + "".join(f"{key}\n" for key in keys)


def like_patterns(query: str) -> list[str]:
    """The patterns that `to_column` must all be LIKE for `matches` to hold; none at all means nobody.

    Folding leaves only letters, digits and marks: there is nothing to escape, and any ESCAPE will do.
    """
    return [f"%\n{piece}%" if piece.isascii() else f"%{piece}%" for piece in _asked(query)]


def _plain(text: str) -> str:
    """Folding up to the point that needs a dictionary; a phone does exactly this much."""
    cased = unicodedata.normalize("NFKC", text.translate(_JOINTS)).casefold()
    bare = "".join(char for char in unicodedata.normalize("NFKD", cased) if not "\u0300" <= char <= "\u036f")
    composed = unicodedata.normalize("NFKC", bare.translate(_LETTERS | _JOINTS))
    kept = (char if unicodedata.category(char)[0] in "LMN" else " " for char in composed)
    return " ".join("".join(kept).split())


def _simplified(plain: str) -> str:
    """Character by character, so that a part of a name folds as it does inside the whole."""
    return plain if plain.isascii() else "".join(map(_converter("t2s"), plain)).translate(_TYPED_AS)


@cache
def _converter(direction: str) -> Callable[[str], str]:
    convert: Callable[[str], str] = import_module("opencc").OpenCC(direction).convert
    return convert


def _asked(query: str) -> list[str]:
    return _pieces(re.sub(r"(?<=[0-9]) (?=[0-9])", "", fold(query[:MAX_QUERY])))


def _pieces(folded: str) -> list[str]:
    """Runs of letters, of digits, of anything else; tone digits go, of a long number the last four stay."""
    return [
        piece[-4:] if piece.isdigit() and piece.isascii() else piece[:MAX_PIECE]
        for piece in _PIECE.findall(_TONE.sub("", folded))
    ]


def _found(piece: str, keys: Sequence[str]) -> bool:
    if piece.isascii():
        return any(key.startswith(piece) for key in keys)
    return any(piece in key for key in keys)


def _within(keys: Iterable[str], *, limit: int) -> Iterator[str]:
    """The keys, most important first, each once, while they and their line feeds fit into `limit` bytes."""
    seen: set[str] = set()
    for key in filter(None, keys):
        size = len(key.encode()) + 1
        if key not in seen and size <= limit:
            seen.add(key)
            limit -= size
            yield key


def _written(text: str) -> Iterator[str]:
    """Simplified, as written, traditional: a phone converts nothing, and its steward types either script."""
    plain = _plain(text).replace(" ", "")
    if not plain.isascii():
        simplified = _simplified(plain)
        yield from (simplified[:60], plain[:60], "".join(map(_converter("s2hk"), simplified[:60])))


def _name_keys(name: str, name_latin: str) -> Iterator[str]:
    yield from chain(_written(name), _written(name_latin), _latin_keys(name_latin), _latin_keys(name), _read(name))


def _phone_keys(phone: str) -> Iterator[str]:
    digits = re.sub("[^0-9]", "", _plain(phone))
    yield digits[-4:]


def _latin_keys(text: str) -> Iterator[str]:
    """Every word first and the others after it, joined, and the same of the initials.

    So a spelling is found in any order: Chan Tai-man, David by `taiman`, `david chan`, `ctm` and `tm chan`.
    """
    cased = unicodedata.normalize("NFC", text).lower()
    for spelling in dict.fromkeys((cased, cased.translate(_GERMAN))):
        words = _words(spelling)[:12]
        for place in range(len(words)):
            turned = words[place:] + words[:place]
            yield "".join(turned)[:MAX_PIECE]
            yield "".join(word[0] for word in turned)
            yield (turned[0] + "".join(word[0] for word in turned[1:]))[:MAX_PIECE]


def _words(text: str) -> list[str]:
    """The Latin words and numbers of `text`, taken apart at hyphens and apostrophes too."""
    return [piece for piece in _pieces(fold(text.translate(_GAPS))) if piece.isascii()]


def _read(name: str) -> Iterator[str]:
    """Pinyin of a Chinese name: whole, initials, surname with initials, and from every later syllable on."""
    readings = _syllables(name)
    initials, family = _initials(readings), surname_length(name)
    yield from _ways(readings)
    yield from _ways(initials)
    yield from _ways(readings[:family] + initials[family:])
    for place in range(1, len(readings)):
        yield from _ways(readings[place:])
        yield from _ways(initials[place:])


def _syllables(name: str) -> list[tuple[str, ...]]:
    """The readings of each of the first eight characters that have any."""
    return [ways for ways in map(_readings, fold(name)) if ways][:8]


def _initials(readings: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [tuple(dict.fromkeys(way[0] for way in ways)) for ways in readings]


@lru_cache(maxsize=20_000)
def _readings(char: str) -> tuple[str, ...]:
    """Every reading of a character without tones, commonest first; ü as v, u and yu (keyboard, passport)."""
    pypinyin = import_module("pypinyin")
    found: list[str] = pypinyin.pinyin(char, style=pypinyin.NORMAL, heteronym=True, errors="ignore")
    ways = [way for ways in found for way in ways] + [_SURNAME_READINGS.get(char, "")]
    spelt = (_plain(way).replace("v", u) for way in ways if way for u in ("v", "u", "yu"))
    return tuple(dict.fromkeys(spelt))


def _ways(readings: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """The readings joined in every way; beyond `MAX_WAYS` the rarest of the richest syllable goes first."""
    kept = list(readings)
    while prod(map(len, kept)) > MAX_WAYS:
        richest = max(range(len(kept)), key=lambda place: (len(kept[place]), place))
        kept[richest] = kept[richest][:-1]
    return map("".join, product(*kept))


def _organisation_keys(organisation: str) -> Iterator[str]:
    """The name as written, its pinyin and initials with and without place and legal form, its Latin words."""
    yield from _written(organisation)
    chinese = re.sub("[a-z0-9 ]+", "", fold(organisation))
    for syllables in map(_default_pinyin, (_short_name(chinese), chinese)):
        yield "".join(syllables)[:MAX_PIECE]
        yield "".join(syllable[0] for syllable in syllables)[:MAX_PIECE]
    words = _words(organisation)[:12]
    yield "".join(word[0] for word in words if not _SMALL_WORDS.fullmatch(word))[:MAX_PIECE]
    yield from ("".join(words[place:])[:MAX_PIECE] for place in range(len(words)))


def _short_name(organisation: str) -> str:
    """深圳市大疆创新科技有限公司 → 大疆创新科技, by which people call a company."""
    return _AROUND_SHORT_NAME.sub("", organisation)


def _default_pinyin(text: str) -> list[str]:
    pypinyin = import_module("pypinyin")
    syllables: list[str] = pypinyin.lazy_pinyin(text, errors="ignore")
    return syllables


@lru_cache(maxsize=1_000)
def _tiers(name: str, name_latin: str) -> tuple[set[str], set[str], set[str], tuple[str, ...]]:
    """What a query is held against in turn: the whole name, its surname and words, its beginnings, all its keys."""
    simplified, readings, family = fold(name).replace(" ", ""), _syllables(name), surname_length(name)
    words = _pieces(fold(f"{name_latin} {name}"))
    whole = {simplified, *_ways(readings), "".join(_words(name_latin))}
    near = {simplified[:family], *_ways(readings[:family]), *filter(str.isascii, words)}
    return whole, near, {*whole, *near, *_ways(_initials(readings))}, tuple(_name_keys(name, name_latin))


def _distance(piece: str, whole: set[str], near: set[str], starts: set[str], keys: tuple[str, ...]) -> int:
    if piece in whole:
        return 0
    if piece in near:
        return 1
    if any(start.startswith(piece) for start in starts):
        return 2
    return 3 if _found(piece, keys) else 4


@lru_cache(maxsize=32_768)
def _spoken(name: str, name_latin: str) -> tuple[str, ...]:
    """The words that a name is ordered by: the syllables of a Chinese one, else those written in Latin letters.

    A list of 20,000 takes a second to read, and the page of ticks asks for it with every guest who is entered.
    """
    folded = fold(name)
    if not _readings(folded[:1]):
        return tuple(word for word in _words(name) or _words(name_latin) if word[0].isalpha())
    if surname_length(name) == 1:
        return _surname_reading(folded[0], _words(name_latin)), *_syllables_said(folded[1:])
    return tuple(_syllables_said(folded))


def _surname_reading(char: str, spelt: Sequence[str]) -> str:
    """How the guest spells it, first or last in the name; else how it is usually said."""
    own = [word for word in (*spelt[:1], *spelt[-1:]) if word in _readings(char)]
    return own[0] if own else _SURNAME_SAID.get(char) or _readings(char)[0]


def _syllables_said(text: str) -> list[str]:
    pypinyin = import_module("pypinyin")
    syllables: list[str] = pypinyin.lazy_pinyin(text, errors=_words)
    return syllables
