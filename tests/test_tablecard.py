"""Table cards: both faces, names of every length in an even size, and nobody with a hole in the name."""

from dataclasses import replace

import pytest

from badges.fonts import MissingGlyph
from badges.tablecard import CardPaper, CardTray, TableCard, draw, spaced
from tests.programs import page_count, text_of

CARD = TableCard(name="尉迟明哲", second="Yuchi Mingzhe", below="香港中联办深圳联络部", note="1/2", language="zh-Hans")
TRAY = CardTray(cards=[CARD], paper=CardPaper.FOLD, title="桌签", author="科创谷", language="zh-Hans")


@pytest.mark.parametrize("paper", CardPaper)
def test_each_card_is_a_sheet_with_the_same_face_twice(paper: CardPaper) -> None:
    content = draw(replace(TRAY, cards=[CARD, replace(CARD, name="单立民")], paper=paper))

    words = text_of(content, page=1).split()
    assert page_count(content) == 2
    assert words.count("尉迟明哲") == words.count("香港中联办深圳联络部") == 2
    assert words.count("1/2") == 1
    assert text_of(content, page=2).split().count("单立民") == 2


@pytest.mark.parametrize(
    ("name", "set_as"),
    [("蒋𣲗", "蒋\u3000𣲗"), ("单立民", "单立民"), ("尉迟明哲", "尉迟明哲"), ("Bo", "Bo"), ("A李", "A李")],
)
def test_two_hanzi_stand_as_wide_as_three(name: str, set_as: str) -> None:
    assert spaced(name) == set_as


@pytest.mark.parametrize(
    "name",
    [
        "Maria da Conceição Rodrigues do Nascimento Sá",
        "阿卜杜热合曼·买买提·" * 4,
        "Wolfeschlegelsteinhausenbergerdorff",
    ],
)
def test_a_name_of_any_length_has_room_on_its_face(name: str) -> None:
    content = draw(replace(TRAY, cards=[replace(CARD, name=name, second="", below="甲" * 60)]))

    kept = "".join(text_of(content).split())
    assert kept.count("".join(name.split())) == 2


def test_the_same_cards_give_the_same_bytes() -> None:
    assert draw(TRAY) == draw(TRAY)


def test_a_name_that_no_font_draws_is_refused_with_whose_it_is() -> None:
    with pytest.raises(MissingGlyph, match="阿\U0002bb37"):
        draw(replace(TRAY, cards=[CARD, replace(CARD, name="阿\U0002bb37")]))


def test_no_card_is_no_document() -> None:
    with pytest.raises(ValueError, match="no card"):
        draw(replace(TRAY, cards=[]))
