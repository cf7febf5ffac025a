from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from badges.badge import Badge, EventHeader, draw
from badges.fonts import MissingGlyph, missing
from tests.programs import codes_on, lines_of, page_count, pictures_of

CODE = "Y1HTA0284G7ZWYRD6Z1RV0WHE6M1"
EVENT = EventHeader(
    titles=("“一园两地、深港共创”启动仪式", "Launch of the Valley"),
    dates="2026年3月2日 09:30\n香港科学园深圳分园",
    hosts="香港科技园公司\n河套发展署",
    language="zh-Hans",
)
BADGE = Badge(
    code=CODE,
    name="欧阳修远",
    name_latin="Ouyang Xiuyuan",
    organisation="河套发展署",
    job_title="署长",
    category_name="主礼嘉宾",
    category_colour="#a8231c",
    language="zh-Hans",
    slot="B-07",
)
NAMES = (
    "陈伟",
    "司徒美堂",
    "𠮷田",
    "王𬭎",
    "范徐丽泰",
    "李嘉誠 Li Ka-shing",
    "Dr. Alexandria Wolfeschlegelsteinhausen-Montgomery",
    "阿卜杜拉·热合曼江·买买提",
    "N" * 300,
)


def test_a_badge_says_everything_in_reading_order():
    pdf = draw([BADGE], event=EVENT)

    assert lines_of(pdf) == [
        "“一园两地、深港共创”启动仪式",
        "Launch of the Valley",
        "B-07",
        "欧阳修远",
        "Ouyang Xiuyuan",
        "河套发展署",
        "署长",
        "2026年3月2日 09:30",
        "香港科学园深圳分园",
        "香港科技园公司",
        "河套发展署",
        "Y1 HTA02 84G7Z WYRD6 Z1RV0 WHE6M 1",
        "主礼嘉宾",
    ]


def test_a_guest_with_nothing_but_a_name_has_no_empty_lines():
    badge = replace(BADGE, name_latin="", organisation="", job_title="", slot="")

    lines = lines_of(draw([badge], event=EVENT))

    assert lines[2:5] == ["欧阳修远", "2026年3月2日 09:30", "香港科学园深圳分园"]


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("name", NAMES)
def test_every_badge_is_read_by_the_door(name, dpi):
    badge = replace(BADGE, name=name, organisation="国" * 60, job_title="长" * 60, name_latin="Long " * 12)

    [picture] = pictures_of(draw([badge], event=EVENT), dpi=dpi)

    assert codes_on(picture) == [CODE]


def test_the_quiet_zone_of_the_symbol_is_white_whatever_the_texts():
    badge = replace(BADGE, name="N" * 300, organisation="国" * 300, job_title="长" * 300, name_latin="x" * 300)
    around = 4 * 36 / 25 - 0.2

    [picture] = pictures_of(draw([badge], event=EVENT), dpi=254)

    left, top, right, bottom = 8.8, 85.8, 45.2, 122.2
    frames = [
        (left - around, top - around, right + around, top),
        (left - around, bottom, right + around, bottom + around),
        (left - around, top, left, bottom),
        (right, top, right + around, bottom),
    ]
    darkest = [picture.crop(tuple(round(edge * 10) for edge in frame)).getextrema()[0] for frame in frames]
    assert darkest == [255] * 4


def test_a_batch_is_one_page_a_badge_in_the_order_given():
    badges = [replace(BADGE, name=name) for name in NAMES[:5]]

    pdf = draw(badges, event=EVENT)

    assert page_count(pdf) == 5
    assert [lines_of(pdf, page=number)[3] for number in range(1, 6)] == list(NAMES[:5])


def test_badges_of_one_category_share_its_band():
    badges = [BADGE, replace(BADGE, category_name="传媒", category_colour="#f2c230"), BADGE]

    pages = PdfReader(BytesIO(draw(badges, event=EVENT))).pages

    forms = [set(page["/Resources"]["/XObject"]) for page in pages]
    assert forms[0] == forms[2]
    assert len(forms[0] & forms[1]) == 2
    assert len(forms[0] | forms[1]) == 4


def test_the_same_badges_give_the_same_bytes():
    assert draw([BADGE], event=EVENT) == draw([BADGE], event=EVENT)


def test_a_badge_in_a_batch_takes_at_most_three_kilobytes():
    badges = [replace(BADGE, name=f"{chr(0x4E00 + number)}明远") for number in range(200)]

    size = len(draw(badges, event=EVENT)) - len(draw(badges[:100], event=EVENT))

    assert size / 100 <= 3000


@pytest.mark.parametrize(
    ("change", "characters"),
    [
        ({"name": "محمد"}, "محد"),
        ({"name": "陈😀"}, "😀"),
        ({"organisation": "🚀 Rockets"}, "🚀"),
        ({"name": "a\x07b"}, "\x07"),
    ],
)
def test_a_badge_with_a_hole_is_refused(change, characters):
    with pytest.raises(MissingGlyph) as refusal:
        draw([replace(BADGE, **change)], event=EVENT)

    assert refusal.value.characters == characters


def test_no_badge_at_all_is_refused():
    with pytest.raises(ValueError, match="no badge"):
        draw([], event=EVENT)


def test_a_code_that_is_no_ticket_is_refused():
    with pytest.raises(ValueError, match="do not fit"):
        draw([replace(BADGE, code="Y" * 40)], event=EVENT)


@settings(max_examples=40, deadline=None)
@given(name=st.text(min_size=1, max_size=80), organisation=st.text(max_size=120))
def test_any_text_is_either_printed_whole_or_refused(name, organisation):
    badge = replace(BADGE, name=name, organisation=organisation)
    holes = missing(name) + missing(organisation)

    if holes:
        with pytest.raises(MissingGlyph):
            draw([badge], event=EVENT)
    else:
        assert draw([badge], event=EVENT).startswith(b"%PDF")


def test_the_booth_stands_beside_the_typed_code():
    pdf = draw([replace(BADGE, booth="展位 A-01")], event=EVENT)

    assert "展位 A-01" in " ".join(lines_of(pdf))
    assert "展位" not in " ".join(lines_of(draw([BADGE], event=EVENT)))
