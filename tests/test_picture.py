from io import BytesIO

from PIL import Image

from badges.picture import link_png, qr_png
from tests.programs import codes_on

CODE = "Y1ABCDE00000000000000000000X"


def test_the_picture_decodes_to_the_code():
    picture = Image.open(BytesIO(qr_png(CODE)))

    assert codes_on(picture.convert("L")) == [CODE]


def test_the_picture_is_24_pixels_a_module_black_on_white_with_its_quiet_zone():
    picture = Image.open(BytesIO(qr_png(CODE)))
    black = picture.convert("L").point(lambda shade: 255 - shade)

    assert (picture.format, picture.mode, picture.size) == ("PNG", "1", (33 * 24, 33 * 24))
    assert black.getbbox() == (4 * 24, 4 * 24, 29 * 24, 29 * 24)


def test_the_same_code_gives_the_same_small_file():
    assert qr_png(CODE) == qr_png(CODE)
    assert len(qr_png(CODE)) < 2_000


def test_a_link_of_any_length_decodes_to_itself_with_its_quiet_zone():
    for address in ("http://a.example", "https://guests.example.org/door/pair/ABCD-EFGH-JKMN?" + "x" * 200):
        picture = Image.open(BytesIO(link_png(address)))
        black = picture.convert("L").point(lambda shade: 255 - shade)

        assert codes_on(picture.convert("L")) == [address]
        assert black.getbbox() == (4 * 12, 4 * 12, picture.width - 4 * 12, picture.height - 4 * 12)
