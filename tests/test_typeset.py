import pytest

from badges.fonts import MissingGlyph
from badges.paper import POINTS_PER_MM
from badges.typeset import Block, Breaks, Style, fit, wrapped

NAME = Style(size=46, minimum=30, floor=12, lines=3, breaks=Breaks.NAME)
PROSE = Style(size=12, minimum=10, floor=8, lines=2)
WIDTH = 87 * POINTS_PER_MM


def lines_of(block: Block) -> list[str]:
    return ["".join(run.text for run in line.runs) for line in block.lines]


def test_a_text_that_fits_keeps_its_size():
    block = fit("陈伟", NAME, width=WIDTH)

    assert (block.size, lines_of(block), block.height) == (46, ["陈伟"], 46 * 1.35)


def test_a_text_that_nearly_fits_shrinks_to_the_width():
    block = fit("尼古拉斯赵四", NAME, width=WIDTH)

    assert lines_of(block) == ["尼古拉斯赵四"]
    assert block.size * 6 == pytest.approx(WIDTH)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("李嘉誠 Li Ka-shing Jr.", ["李嘉誠", "Li Ka-shing Jr."]),
        ("Siobhán Ní Dhomhnaill", ["Siobhán Ní", "Dhomhnaill"]),
        (
            "Dr. Alexandria Wolfeschlegelsteinhausen-Montgomery",
            ["Dr. Alexandria", "Wolfeschlegelsteinhausen-", "Montgomery"],
        ),
        ("阿卜杜拉·热合曼江·买买提艾力", ["阿卜杜拉·", "热合曼江·", "买买提艾力"]),
        ("范徐麗泰范徐麗泰范徐麗泰范徐麗泰", ["范徐麗泰范徐麗泰范徐麗泰范徐麗泰"]),
    ],
)
def test_a_name_is_broken_between_scripts_words_and_joints_never_between_hanzi(name, expected):
    assert lines_of(fit(name, NAME, width=WIDTH)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "“一园两地、深港共创”河套香港青年科创谷启动仪式",
            ["“一园两地、深港共创”", "河套香港青年科创谷启动仪式"],
        ),
        (
            "The Hong Kong University of Science and Technology",
            ["The Hong Kong University of", "Science and Technology"],
        ),
        (
            "河套深港科技创新合作区（深圳园区）建设发展事务署办公室",
            ["河套深港科技创新合作区（深圳园区）", "建设发展事务署办公室"],
        ),
    ],
)
def test_prose_is_broken_at_pauses_and_words(text, expected):
    assert lines_of(fit(text, PROSE, width=70 * POINTS_PER_MM)) == expected


def test_no_line_of_prose_begins_with_a_closing_mark_or_ends_with_an_opening_one():
    text = "深圳市前海深港现代服务业（合作区）管理局联络办公室（含河套片区）综合处"

    blocks = [fit(text, PROSE, width=width * POINTS_PER_MM) for width in range(52, 90, 2)]

    lines = [line for block in blocks for line in lines_of(block)]
    assert {"".join(lines_of(block)) for block in blocks} == {text}
    assert [line for line in lines if line.startswith("）") or line.endswith("（")] == []


def test_a_word_without_any_joint_is_broken_anywhere_rather_than_lost():
    block = fit("W" * 40, NAME, width=WIDTH)

    assert "".join(lines_of(block)) == "W" * 40
    assert max(line.width for line in block.lines) * block.size <= WIDTH


@pytest.mark.parametrize("text", ["x" * 300, "陈" * 300, "many words " * 60])
def test_what_cannot_fit_at_all_ends_in_an_ellipsis(text):
    block = fit(text, NAME, width=WIDTH)

    lines = lines_of(block)
    assert (len(lines), block.size, lines[-1][-1]) == (3, 12, "…")
    assert max(line.width for line in block.lines) * 12 <= WIDTH


def test_an_empty_text_is_one_empty_line():
    assert lines_of(fit("", PROSE, width=WIDTH)) == [""]


def test_a_hole_is_refused_before_anything_is_measured():
    with pytest.raises(MissingGlyph):
        fit("\x00" * 300, NAME, width=WIDTH)


def test_a_scaled_style_keeps_its_proportions():
    scaled = NAME.scaled(0.5)

    assert (scaled.size, scaled.minimum, scaled.floor, scaled.lines) == (23, 15, 6, 3)


def test_running_text_keeps_its_size_over_as_many_lines_as_it_takes():
    block = wrapped("河套深港科技创新合作区横跨深港两地。" * 20, PROSE, width=WIDTH)

    assert (block.size, "".join(lines_of(block))) == (12, "河套深港科技创新合作区横跨深港两地。" * 20)
    assert max(line.width for line in block.lines) * 12 <= WIDTH
    assert not any(line.startswith("。") for line in lines_of(block))


def test_few_lines_of_running_text_are_equally_long():
    first, second = lines_of(wrapped("有请河套发展署副署长陈静女士上台领取商务签注办理证明", PROSE, width=WIDTH))

    assert abs(len(first) - len(second)) <= 2


def test_a_phrase_is_kept_whole_where_it_has_room_on_a_line():
    for count in range(20):
        lines = lines_of(
            wrapped(f"{'请' * count}尉迟明哲先生上台颁发办理证明", PROSE, width=WIDTH, whole=["尉迟明哲先生", ""])
        )

        assert [line for line in lines if "尉迟明哲先生" in line] != []


@pytest.mark.parametrize("text", ["名" * 60, "W" * 60])
def test_a_phrase_that_is_wider_than_a_line_is_broken_rather_than_lost(text):
    block = wrapped(text, PROSE, width=WIDTH, whole=[text])

    assert "".join(lines_of(block)) == text
    assert max(line.width for line in block.lines) * 12 <= WIDTH
