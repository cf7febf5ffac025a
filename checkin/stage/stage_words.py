"""What the stage says of itself in three languages: states, acts, roles, what is wrong, what was changed, who stood in.

Called by the API, the stage's pages and its papers, which say the same thing in the same words.
"""

from collections.abc import Mapping

from checkin.stage.faults import FaultCode
from checkin.stage.models import Act, Role, RoundState
from checkin.tongues import Said, said
from events.core.i18n import Language
from events.models import Guest

STATES: Mapping[RoundState, Said] = {
    RoundState.DRAFT: said("草拟", "草擬", "Draft"),
    RoundState.READY: said("就绪", "就緒", "Ready"),
    RoundState.CALLED: said("已候场", "已候場", "Called"),
    RoundState.ON_STAGE: said("已上台", "已上台", "On stage"),
    RoundState.SIGNED: said("已签署", "已簽署", "Signed"),
    RoundState.EXCHANGED: said("已换文", "已換文", "Exchanged"),
    RoundState.CLOSED: said("已结束", "已結束", "Closed"),
    RoundState.POSTPONED: said("延后", "延後", "Postponed"),
    RoundState.WITHDRAWN: said("撤回", "撤回", "Withdrawn"),
}

ACTS: Mapping[Act, Said] = {
    Act.READY: said("确认就绪", "確認就緒", "Confirm ready"),
    Act.CALL: said("请候场", "請候場", "Call to the wings"),
    Act.STAGE: said("请上台", "請上台", "Call on stage"),
    Act.SIGN: said("已签署", "已簽署", "Signed"),
    Act.EXCHANGE: said("已换文", "已換文", "Exchanged"),
    Act.CLOSE: said("本轮结束", "本輪結束", "Close the round"),
    Act.POSTPONE: said("延后", "延後", "Postpone"),
    Act.RESUME: said("恢复", "恢復", "Resume"),
    Act.WITHDRAW: said("撤回", "撤回", "Withdraw"),
    Act.UNDO: said("撤销上一步", "復原上一步", "Undo the last step"),
}

ROLES: Mapping[Role, Said] = {
    Role.SIGNATORY: said("签字人", "簽署人", "Signatory"),
    Role.ASSISTANT: said("助签人", "助簽人", "Assistant"),
    Role.WITNESS: said("见证人", "見證人", "Witness"),
    Role.PRESENTER: said("颁发人", "頒發人", "Presenter"),
    Role.RECIPIENT: said("领受人", "領受人", "Recipient"),
    Role.OFFICIANT: said("启动嘉宾", "主禮嘉賓", "Officiant"),
    Role.SPEAKER: said("致辞人", "致辭人", "Speaker"),
}

FAULTS: Mapping[FaultCode, Said] = {
    FaultCode.NO_TITLE: said("文件名称未填", "文件名稱未填", "The document has no title"),
    FaultCode.NO_PARTY: said("签约方不足两方", "簽約方不足兩方", "Fewer than two parties"),
    FaultCode.BOTH_HOSTS: said(
        "各方均为主方，须有一方为客方",
        "各方均為主方，須有一方為客方",
        "Several hosts and no guest among the parties",
    ),
    FaultCode.NO_SIGNATORY: said("{party}：没有签字人", "{party}：沒有簽署人", "{party}: no signatory"),
    FaultCode.NO_PRESENTER: said("没有颁发人", "沒有頒發人", "No presenter"),
    FaultCode.NO_RECIPIENT: said("没有领受人", "沒有領受人", "No recipient"),
    FaultCode.NO_OFFICIANT: said("没有启动嘉宾", "沒有主禮嘉賓", "Nobody to officiate"),
    FaultCode.NO_SPEAKER: said("没有致辞人", "沒有致辭人", "No speaker"),
    FaultCode.UNNAMED: said("{role}人选未定", "{role}人選未定", "{role}: nobody named yet"),
    FaultCode.NOT_REGISTERED: said(
        "{name}的登记尚未确认", "{name}的登記尚未確認", "{name} is not confirmed as a guest"
    ),
    FaultCode.TWICE_ON_STAGE: said(
        "{name}同时须在{round}台上", "{name}同時須在{round}台上", "{name} is on stage at the same time: {round}"
    ),
    FaultCode.SEAT_TAKEN: said("{name}的座次与他人相同", "{name}的座次與他人相同", "{name} shares a seat or place"),
    FaultCode.UNPRINTABLE: said(
        "{name}中有字体未收录的字：{holes}",
        "{name}中有字型未收錄的字：{holes}",
        "{name} has characters that no font draws: {holes}",
    ),
}
"""What is wrong with a round; `checkin.stage.saying` fills in the names."""

TWICE_IN_ROUND: Said = said("{name}在本轮有两个角色", "{name}在本輪有兩個角色", "{name} has two parts in this round")
ROUND: Said = said("第 {number} 轮", "第 {number} 輪", "round {number}")
NOBODY: Said = said("未定人选", "未定人選", "nobody yet")

CHANGES: Mapping[str, Said] = {
    "round.added": said("新增本轮", "新增本輪", "Added the round"),
    "round.edited": said("修改：{fields}", "修改：{fields}", "Edited: {fields}"),
    "guest.spoken": said("修改：{fields}", "修改：{fields}", "Edited: {fields}"),
    "round.moved": said("移至第 {position} 位", "移至第 {position} 位", "Moved to place {position}"),
    "round.substituted": said(
        "{substitute}替换{original}", "{substitute}替換{original}", "{substitute} replaces {original}"
    ),
}
"""What was done to a round besides the acts, which are called as `ACTS` calls them."""

FIELDS: Mapping[str, Said] = {
    "title": said("名称", "名稱", "title"),
    "item": said("颁发物", "頒發物", "item"),
    "script": said("主持词", "司儀稿", "script"),
    "copies": said("份数", "份數", "copies"),
    "languages": said("文本语言", "文本語言", "languages"),
    "cue_at": said("上场时间", "出場時間", "cue"),
    "wants_signature": said("屏幕签名", "屏幕簽名", "signature on a tablet"),
    "parties": said("签约方", "簽約方", "parties"),
    "participants": said("人员", "人員", "people"),
    "honorific": said("称谓", "稱謂", "honorific"),
    "reading": said("读音", "讀音", "reading"),
    "confirmed": said("确认", "確認", "confirmation"),
}

_SIGNS_FOR = said("{substitute} 代 {original} 签", "{substitute} 代 {original} 簽", "{substitute} signs for {original}")
_STANDS_FOR = said("{substitute} 代 {original}", "{substitute} 代 {original}", "{substitute} for {original}")


def line_of(role: Role, *, substitute: Guest, original: Guest, language: Language) -> str:
    """Who stands in for whom, as the record has it: «乙 代 甲 签» for a signatory, else «乙 代 甲»."""
    names = {"substitute": name_of(substitute, language), "original": name_of(original, language)}
    return line_between(role, **names, language=language)


def line_between(role: Role, *, substitute: str, original: str, language: Language) -> str:
    """As `line_of`, for two names."""
    words = _SIGNS_FOR if role is Role.SIGNATORY else _STANDS_FOR
    return words[language].format(substitute=substitute, original=original)


def name_of(guest: Guest, language: Language) -> str:
    """What a guest is called in `language`: in English by the Latin name, where there is one."""
    return (guest.name_latin or guest.name) if language is Language.EN else guest.name
