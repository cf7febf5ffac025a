"""What precedence lists are for, by what they are ordered, and why people stand where they do, in three languages.

Called by the pages of precedence lists.
"""

from collections.abc import Mapping

from checkin.stage.precedence import Ground, TieBreak
from checkin.stage.ranking import Purpose
from checkin.tongues import Said, said

PURPOSES: Mapping[Purpose, Said] = {
    Purpose.SEATING: said("座次", "座次", "Seating"),
    Purpose.ANNOUNCEMENT: said("宣读次序", "宣讀次序", "Announcement"),
    Purpose.PHOTO: said("合影站位", "合照站位", "Group photo"),
    Purpose.HANDSHAKE: said("握手次序", "握手次序", "Handshake line"),
    Purpose.BACK_ROW: said("后排站位", "後排站位", "Back row"),
}

TIE_BREAKS: Mapping[TieBreak, Said] = {
    TieBreak.POSITION: said("职级", "職級", "Grade of the position"),
    TieBreak.FOUNDED: said("机构成立年份", "機構成立年份", "Founding of the organisation"),
    TieBreak.ORGANISATION: said("单位名称", "機構名稱", "Name of the organisation"),
    TieBreak.PINYIN: said("姓名拼音", "姓名拼音", "Pinyin of the name"),
    TieBreak.STROKES: said("姓氏笔画", "姓氏筆畫", "Strokes of the surname"),
    TieBreak.LATIN: said("英文姓名字母", "英文姓名字母", "Latin spelling of the name"),
}

GROUNDS: Mapping[Ground, Said] = {
    Ground.RANK: said("指定位次", "指定位次", "Set rank"),
    Ground.TURN: said("两方交替", "雙方交替", "The sides take turns"),
    Ground.NAME: said("姓名", "姓名", "Name"),
    **{Ground(tie_break.value): words for tie_break, words in TIE_BREAKS.items()},
}
