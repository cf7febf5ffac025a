"""What stands on a drawing of seats besides the names, in three languages. Called by `plan`."""

from collections.abc import Mapping

from checkin.stage.models import Hosting
from checkin.stage.seating import View
from checkin.tongues import Said, said

VIEWS: Mapping[View, Said] = {
    View.HALL: said("观众视角", "觀眾視角", "As the audience sees it"),
    View.STAGE: said("台上视角", "台上視角", "As seen from the stage"),
}

HALL: Said = said("观众席", "觀眾席", "Audience")
TABLE: Said = said("签约台", "簽約枱", "Signing table")
PARTY: Said = said("第 {number} 方", "第 {number} 方", "Party {number}")

CHAIR: Said = said("签字席", "簽署席", "One chair")
IN_TURN: Said = said("依次就座签字", "依次就座簽署", "signed in turn")

SIDES: Mapping[Hosting, Said] = {
    Hosting.HOST: said("主方", "主方", "Host side"),
    Hosting.GUEST: said("客方", "客方", "Guest side"),
}

READING: Said = said("自左至右：{names}", "由左至右：{names}", "From left to right: {names}")
