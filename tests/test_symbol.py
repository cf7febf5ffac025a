import pytest
import zxingcpp
from PIL import Image

from badges.symbol import Symbol, symbol

CODE = "Y1HTA0284G7ZWYRD6Z1RV0WHE6M1"


def picture(drawn: Symbol) -> Image.Image:
    modules = Image.frombytes("1", (drawn.side, drawn.side), drawn.rows).point(lambda dark: 255 - dark)
    framed = Image.new("L", (drawn.side + 8, drawn.side + 8), 255)
    framed.paste(modules.convert("L"), (4, 4))
    return framed.resize((framed.width * 4, framed.height * 4))


def test_a_ticket_is_a_version_2_symbol_that_decodes():
    drawn = symbol(CODE)

    [found] = zxingcpp.read_barcodes(picture(drawn))
    assert (drawn.side, len(drawn.rows)) == (25, 100)
    assert (found.text, found.ec_level) == (CODE, "Q")


def test_the_same_code_makes_the_same_symbol():
    assert symbol(CODE) == symbol(CODE)
    assert symbol(CODE) != symbol(CODE[:-1] + "2")


def test_a_code_that_is_too_long_is_refused():
    with pytest.raises(ValueError, match="30 characters do not fit"):
        symbol("Y" * 30)


def test_a_code_in_lower_case_is_refused():
    with pytest.raises(ValueError, match="can not be represented"):
        symbol(CODE.lower())
