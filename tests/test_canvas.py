from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from badges.canvas import Canvas, contrast, quiet_zone, readable_on
from badges.fonts import MissingGlyph
from badges.paper import A6, Box
from badges.symbol import symbol
from badges.typeset import Align, Style
from tests.programs import codes_on, lines_of, page_count, pictures_of

CODE = "Y1HTA0284G7ZWYRD6Z1RV0WHE6M1"
STYLE = Style(size=20, minimum=10, floor=10)
DPI = 254
"""Ten pixels a millimetre."""


def begun() -> Canvas:
    canvas = Canvas(A6, title="谷 launch", author="主办单位", language="zh-Hant")
    canvas.page()
    return canvas


def inked(pdf: bytes, box: Box) -> bool:
    edges = (box.left * 10, box.top * 10, box.right * 10, box.bottom * 10)
    darkest, _ = pictures_of(pdf, dpi=DPI)[0].crop(tuple(map(round, edges))).getextrema()
    return darkest < 128


def test_the_document_says_title_author_and_language():
    reader = PdfReader(BytesIO(begun().finish()))

    assert (reader.metadata.title, reader.metadata.author) == ("谷 launch", "主办单位")
    assert reader.root_object["/Lang"] == "zh-Hant"


def test_the_same_calls_give_the_same_bytes():
    def drawn() -> bytes:
        canvas = begun()
        canvas.words("陈伟 Chen Wei", STYLE, A6.box)
        return canvas.finish()

    assert drawn() == drawn()


def test_each_page_is_a_page_of_the_paper():
    canvas = begun()
    canvas.page()

    pages = PdfReader(BytesIO(canvas.finish())).pages

    assert canvas.pages == 2
    assert [tuple(map(float, page.mediabox[2:])) for page in pages] == [pytest.approx((297.64, 419.53), abs=0.01)] * 2


def test_words_are_read_in_the_order_in_which_they_were_drawn():
    canvas = begun()

    canvas.words("below", STYLE, Box(10, 100, 80, 10))
    canvas.words("above", STYLE, Box(10, 20, 80, 10))

    assert lines_of(canvas.finish()) == ["below", "above"]


def test_words_return_their_lower_edge_and_stay_above_it():
    canvas = begun()

    lower = canvas.words("谷gjÅ", STYLE, Box(10, 30, 80, 0))

    pdf = canvas.finish()
    assert lower == pytest.approx(30 + 20 * 1.35 / 72 * 25.4)
    assert inked(pdf, Box(10, 30, 80, lower - 30))
    assert not inked(pdf, Box(0, 0, 105, 30))
    assert not inked(pdf, Box(0, lower, 105, 148 - lower))


@pytest.mark.parametrize(("align", "left"), [(Align.LEFT, 0), (Align.CENTRE, 46), (Align.RIGHT, 93)])
def test_words_stand_on_the_edge_that_the_style_names(align, left):
    canvas = begun()

    canvas.words("谷", Style(size=28.35, minimum=9, floor=9, align=align), Box(0, 20, 105, 0))

    pdf = canvas.finish()
    assert inked(pdf, Box(left, 20, 12, 14))
    assert not inked(pdf, Box((left + 50) % 105, 20, 5, 14))


@pytest.mark.parametrize(("text", "reaches"), [("谷谷", True), ("（谷", False), ("“谷", False)])
def test_an_opening_mark_hangs_out_so_that_the_characters_line_up(text, reaches):
    canvas = begun()

    canvas.words(text, Style(size=28.35, minimum=9, floor=9), Box(30, 20, 60, 0))

    pdf = canvas.finish()
    assert inked(pdf, Box(36, 20, 8, 14))
    assert inked(pdf, Box(45.5, 20, 8, 14)) is reaches


def test_a_text_with_a_hole_leaves_the_page_untouched():
    canvas = begun()

    with pytest.raises(MissingGlyph):
        canvas.words("王😀", STYLE, A6.box)

    assert lines_of(canvas.finish()) == []


def test_the_language_of_a_text_chooses_the_shape_of_its_characters():
    def drawn(language: str | None) -> bytes:
        canvas = begun()
        canvas.words("骨", STYLE, A6.box, language=language)
        return canvas.finish()

    assert drawn(None) == drawn("zh-Hant")
    assert drawn(None) != drawn("zh-Hans")


def test_a_rule_hangs_where_it_was_put():
    canvas = begun()

    canvas.rule(10, 50, 30, colour="#000000", thickness=1)

    pdf = canvas.finish()
    assert inked(pdf, Box(10, 50, 30, 1))
    assert not inked(pdf, Box(0, 0, 105, 49.9))
    assert not inked(pdf, Box(41, 50, 60, 1))


@pytest.mark.parametrize("dpi", [203, 300])
def test_a_symbol_is_read_at_the_resolutions_of_printers(dpi):
    canvas = begun()

    canvas.code(symbol(CODE), Box(30, 30, 36, 36))

    assert codes_on(pictures_of(canvas.finish(), dpi=dpi)[0]) == [CODE]


def test_the_quiet_zone_is_four_modules():
    assert quiet_zone(symbol(CODE), 25) == 4


def test_a_shared_part_is_stored_once_and_stamped_often():
    canvas = begun()
    missing = canvas.has("head 主礼")
    with canvas.shared("head 主礼"):
        canvas.words("head", STYLE, Box(10, 10, 80, 0))

    canvas.stamp("head 主礼")
    canvas.page()
    canvas.stamp("head 主礼", right=5, down=100)

    pdf = canvas.finish()
    forms = [page["/Resources"]["/XObject"] for page in PdfReader(BytesIO(pdf)).pages]
    assert (missing, canvas.has("head 主礼")) == (False, True)
    assert [form.raw_get(name) for form in forms for name in form] == [forms[0].raw_get(*forms[0])] * 2
    assert lines_of(pdf) == ["head", "head"]


def test_a_part_may_be_drawn_after_it_was_stamped():
    canvas = begun()

    canvas.stamp("total")
    with canvas.shared("total"):
        canvas.words(f"{canvas.pages} page", STYLE, A6.box)

    pdf = canvas.finish()
    assert (page_count(pdf), lines_of(pdf)) == (1, ["1 page"])


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}"))
def test_text_on_any_colour_stands_out_enough(colour):
    assert contrast(readable_on(colour), colour) >= 4.5


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#000000", 21),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
    ],
)
def test_contrast_is_that_of_the_accessibility_guidelines(one, other, ratio):
    assert contrast(one, other) == pytest.approx(ratio, abs=0.01)
