from badges.canvas import Canvas
from badges.embedding import to_unicode
from badges.paper import A4
from badges.typeset import Style
from tests.programs import text_of


def test_characters_beyond_the_basic_plane_are_mapped_as_surrogate_pairs():
    lines = to_unicode("ABCDEF+Face", [0x41, 0x2CB4E]).splitlines()

    assert lines[4:8] == ["2 beginbfchar", "<00> <0041>", "<01> <D872DF4E>", "endbfchar"]


def test_a_full_subset_is_mapped_in_blocks_of_at_most_a_hundred():
    cmap = to_unicode("ABCDEF+Face", list(range(0x4E00, 0x4F00)))

    assert [line.split()[0] for line in cmap.splitlines() if line.endswith("beginbfchar")] == ["100", "100", "56"]


def test_more_characters_than_one_subset_holds_are_read_back():
    text = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 600))
    canvas = Canvas(A4, title="many", author="us", language="zh-Hans")
    canvas.page()

    canvas.words(text, Style(size=9, minimum=9, floor=9, lines=40), A4.box.inset(10, 10))

    assert "".join(text_of(canvas.finish()).split()) == text
