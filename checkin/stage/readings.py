"""Which names are easily misread aloud, so that somebody who knows confirms how they are read.

Asked by the cue lines, which warn of a reading that nobody confirmed, and by the page of speaking names. Better one
warning too few than a sheet full of them: a tone, or a reading that no name has, asks for none.
"""

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib import import_module

from events.names import fold, sort_key, surname_length

_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_COMPOUND = re.compile("尉迟|万俟|单于|澹台|长孙|亓官|濮阳|呼延|皇甫|令狐|鲜于")
"""Surnames of two characters, one of which is read otherwise elsewhere or seldom met."""

_SURNAMES = frozenset("单仇解区查朴盖乐翟缪覃冼洗种员召折那瞿逄隗郗晁句秘祭宿繁车黑贠谌筰尉佘亓郄禤")
"""Surnames that are read otherwise than the character mostly is."""

_GIVEN = frozenset("乐行朝晟茜重长冠盛参隽莘焯俟隗峤纶禅颉炅率调降曾喆堃")
"""Characters of given names of which each has several readings that parents choose, or which few people know."""

_BIG5_USUAL = 0xC6
"""The last lead byte of the 5,401 frequently used characters of Big5."""


@lru_cache(maxsize=4096)
def needs_reading(name: str) -> bool:
    """Whether `name` should have a confirmed reading: a surname that misleads, a rare or polyphonic character.

    Names that are not written in hanzi need none: their spelling is what there is to go by.
    """
    hanzi = "".join(_HAN.findall(name))
    if not hanzi:
        return False
    plain = "".join(map(_simplified, hanzi))
    if _COMPOUND.match(plain) or plain[0] in _SURNAMES:
        return True
    return any(map(_is_rare, hanzi)) or not _GIVEN.isdisjoint(plain[1:] + "".join(hanzi[1:]))


def suggested_reading(name: str, name_latin: str = "") -> str:
    """Pinyin with its tones, the surname as the guest spells it or as surnames are read: 单立民 is Shàn Lìmín.

    Empty for a name that is not all in hanzi, and for one that the guest spells otherwise: Yoshida, or Fung Kai-pong.
    """
    said, _ = sort_key(name, name_latin)
    if not name or len(said) != len(name) or len(_HAN.findall(name)) != len(name):
        return ""
    family = surname_length(name)
    if name_latin and _letters(name_latin) not in {_letters("".join(turned)) for turned in _both_orders(said, family)}:
        return ""
    toned = [_toned(*each) for each in zip(name, said, strict=True)]
    return " ".join(filter(None, ("".join(part).capitalize() for part in (toned[:family], toned[family:]))))


def ways_to_read(name: str) -> Mapping[str, Sequence[str]]:
    """Every reading of the characters that have several, for which `needs_reading` asks."""
    hanzi = _HAN.findall(name)
    asked = [char for at, char in enumerate(hanzi) if _simplified(char) in (_GIVEN if at else _SURNAMES)]
    return {char: ways for char in asked if len(ways := _readings(char)) > 1}


def _both_orders(said: Sequence[str], family: int) -> tuple[Sequence[str], Sequence[str]]:
    """Surname first and last."""
    return said, (*said[family:], *said[:family])


def _letters(spelt: str) -> str:
    """Letters only; ü is spelt v, u and yu."""
    return re.sub("[^a-z]", "", fold(spelt)).replace("v", "u").replace("yu", "u")


def _toned(char: str, plain: str) -> str:
    """The reading of a character that is `plain` without its tone; the usual one where there is none."""
    ways = _readings(char)
    return next((way for way in ways if fold(way) == plain), next(iter(ways), plain))


def _simplified(char: str) -> str:
    return fold(char) or char


def _is_rare(char: str) -> bool:
    """Whether a character is in neither script's usual set, or nobody wrote down how it is read."""
    return not (_is_usual(char) or (char <= "\uffff" and _is_usual(_simplified(char)))) or not _readings(char)


def _is_usual(char: str) -> bool:
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return _is_usual_traditional(char)
    return True


def _is_usual_traditional(char: str) -> bool:
    try:
        return char.encode("big5")[0] <= _BIG5_USUAL
    except UnicodeEncodeError:
        return False


def _readings(char: str) -> list[str]:
    pypinyin = import_module("pypinyin")
    found: list[list[str]] = pypinyin.pinyin(char, heteronym=True, errors="ignore")
    return [way for ways in found for way in ways]
