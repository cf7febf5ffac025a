import pickle

import pytest

from badges.canvas import Canvas
from badges.fonts import Gap, MissingGlyph, Weight, coverage, faces, missing, plain, runs
from badges.paper import A6
from badges.typeset import Style
from tests.programs import text_of

REGULAR = faces(Weight.REGULAR)


def fonts_of(text: str, language: str = "") -> list[tuple[str, str]]:
    return [(run.font.fontName, run.text) for run in runs(text, faces(Weight.REGULAR, language))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Chen Wei", [("NotoSans-Regular", "Chen Wei")]),
        ("陈伟", [("NotoSansSC-Regular", "陈伟")]),
        ("李嘉誠 Li Ka-shing", [("NotoSansSC-Regular", "李嘉誠"), ("NotoSans-Regular", " Li Ka-shing")]),
        ("王𬭎", [("NotoSansSC-Regular", "王𬭎")]),
        ("𨋢", [("NotoSansHK-Regular", "𨋢")]),
        ("𠮷田", [("NotoSansJP-Regular", "𠮷"), ("NotoSansSC-Regular", "田")]),
        ("“谷”", [("NotoSansSC-Regular", "“谷”")]),
        ("“Valley”", [("NotoSans-Regular", "“Valley”")]),
        ("", []),
    ],
)
def test_text_is_split_by_the_face_that_draws_it(text, expected):
    assert fonts_of(text) == expected


def test_a_guest_who_reads_traditional_chinese_gets_hong_kong_shapes():
    assert fonts_of("范徐麗泰", "zh-Hant") == [("NotoSansHK-Regular", "范徐麗泰")]


def test_an_unknown_language_gets_the_usual_chain():
    assert faces(Weight.BOLD, "fr").width("谷") == faces(Weight.BOLD).width("谷")


def test_width_is_the_sum_of_the_runs():
    text = "李嘉誠 Li Ka-shing"

    assert REGULAR.width(text) == pytest.approx(sum(run.width for run in runs(text, REGULAR)))
    assert REGULAR.width("李嘉誠") == 3


@pytest.mark.parametrize(
    ("text", "holes"),
    [
        ("陈伟 Chen Wei", ""),
        ("محمد", "محد"),
        ("שלום", "שלום"),
        ("राज", "राज"),
        ("김민준", "김민준"),
        ("陈😀伟😀", "😀"),
        ("a\x00b\x1bc", "\x00\x1b"),
        ("\ue000", "\ue000"),
        ("\udcff", "\udcff"),
        ("葛\U000e0100 l\u200do\ufe0fve\u202e\u2060\xad", ""),
        ("one\ttwo\nthree\xa0four", ""),
    ],
)
def test_holes_are_named_and_ignorable_characters_are_none(text, holes):
    assert missing(text) == holes


def test_a_text_with_a_hole_is_refused():
    with pytest.raises(MissingGlyph) as refusal:
        runs("王😀伟", REGULAR)

    assert (refusal.value.text, refusal.value.characters) == ("王😀伟", "😀")


def test_the_refusal_survives_the_way_back_from_a_worker_process():
    refusal = pickle.loads(pickle.dumps(MissingGlyph("王😀", "😀")))

    assert (refusal.text, refusal.characters) == ("王😀", "😀")


def test_coverage_lists_each_text_with_a_hole():
    names = [("g1", "陈伟"), ("g2", "𫞩😀"), ("g3", "محمد"), ("g4", "𨋢")]

    gaps = coverage(names)

    assert gaps == [Gap("g2", "𫞩😀", "😀"), Gap("g3", "محمد", "محد")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Rene\u0301e", "Renée"),
        ("\ufa10 e\u0301", "\ufa10 é"),
        ("神\ufe00", "神"),
        ("a\r\n\u3000b\u2003c", "a  \u3000b c"),
        ("plain", "plain"),
    ],
)
def test_accents_are_composed_and_compatibility_ideographs_kept(text, expected):
    assert plain(text) == expected


@pytest.mark.parametrize("weight", Weight)
def test_rare_characters_can_be_copied_out_of_the_document(weight):
    canvas = Canvas(A6, title="names", author="us", language="zh-Hans")
    canvas.page()

    canvas.words("王𬭎 𠮷田 𨋢 陈 A é", Style(size=20, minimum=8, floor=8, weight=weight), A6.box)

    assert text_of(canvas.finish()).split() == ["王𬭎", "𠮷田", "𨋢", "陈", "A", "é"]
