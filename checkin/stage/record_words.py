"""What the record says in three languages besides the words of the trade: on its paper, of its chain on the page, and
of that in English by `yingbin verify`."""

from collections.abc import Mapping, Sequence

from checkin.stage.models import Hosting, RoundState
from checkin.stage.verifying import FaultCode, Verdict
from checkin.tongues import Said, said
from events.core.i18n import Language

FAULTS: Mapping[FaultCode, Said] = {
    FaultCode.ALTERED: said(
        "第 {number} 号记录被改动：其内容与摘要不符。",
        "第 {number} 號記錄曾被改動：其內容與摘要不符。",
        "Record {number} was altered: its text is not the one of its digest.",
    ),
    FaultCode.LOST: said(
        "第 {number} 号记录缺失：链条在此中断。",
        "第 {number} 號記錄遺失：鏈條在此中斷。",
        "Record {number} is gone: the chain is broken there.",
    ),
    FaultCode.UNLIKE: said(
        "第 {number} 号记录与现存数据不符：轮次的经过、替签或签名在记录之后被改动。",
        "第 {number} 號記錄與現存資料不符：輪次的經過、代簽或簽名在記錄之後曾被改動。",
        "Record {number} is not what the database says: acts, substitutions or signatures were altered after it.",
    ),
    FaultCode.MISSING: said(
        "有一轮已告终结却没有记录（轮次 {round}）：链条末端被截去。",
        "有一輪已告終結卻沒有記錄（輪次 {round}）：鏈條末端曾被截去。",
        "A round has ended without a record ({round}): the end of the chain was cut off.",
    ),
}
WHOLE = said(
    "共 {records} 条记录，未见改动。末号摘要 {digest}",
    "共 {records} 項記錄，未見改動。末號摘要 {digest}",
    "{records} records, none altered; the last digest is {digest}",
)
NONE_YET = said("尚无记录", "尚未有記錄", "No records yet")


HOSTING: Mapping[Hosting, Said] = {
    Hosting.HOST: said("主方", "主方", "Host"),
    Hosting.GUEST: said("客方", "客方", "Guest"),
    Hosting.NEITHER: said("签约方", "簽約方", "Party"),
}
COPIES = said("{count} 份", "{count} 份", "{count} copies")
ITEM = said("颁发：{item}", "頒發：{item}", "Handed over: {item}")
SUBSTITUTED = said(
    "{line}。授权：{authority}；原因：{reason}。{time} 由{by}记录。",
    "{line}。授權：{authority}；原因：{reason}。{time} 由{by}記錄。",
    "{line}. Authority: {authority}. Reason: {reason}. Recorded at {time} by {by}.",
)
REASON = said(
    "{time} {act}，原因：{reason}（{by}）。", "{time} {act}，原因：{reason}（{by}）。", "{time} {act}: {reason} ({by})."
)
UNDONE = said(
    "{time}“{act}”于 {undone_at} 撤销（{by}）。",
    "{time}「{act}」於 {undone_at} 復原（{by}）。",
    "“{act}” of {time} was taken back at {undone_at} ({by}).",
)
_ROUNDS = said("共 {count} 轮", "共 {count} 輪", "{count} rounds")
_CLOSED = said("已结束 {count}", "已結束 {count}", "{count} closed")
_POSTPONED = said("延后 {count}", "延後 {count}", "{count} postponed")
_WITHDRAWN = said("撤回 {count}", "撤回 {count}", "{count} withdrawn")
_GOING_ON = said("未结束 {count}", "未結束 {count}", "{count} not closed")
_REPLACED = said("替换 {count} 人", "替換 {count} 人", "{count} replaced")
_ENDED = {RoundState.CLOSED: _CLOSED, RoundState.POSTPONED: _POSTPONED, RoundState.WITHDRAWN: _WITHDRAWN}


def say_summary(states: Sequence[RoundState], *, replaced: int, language: Language) -> str:
    """How many rounds there are and what became of them."""
    told = [(words, states.count(state)) for state, words in _ENDED.items()]
    told += [(_GOING_ON, sum(state not in _ENDED for state in states)), (_REPLACED, replaced)]
    parts = [words[language].format(count=count) for words, count in ((_ROUNDS, len(states)), *told) if count]
    return " · ".join(parts)


def say_verdict(verdict: Verdict, language: Language) -> str:
    """What became of a chain, in a sentence."""
    if fault := verdict.fault:
        return FAULTS[fault.code][language].format(number=fault.number, round=fault.round_id)
    words = WHOLE if verdict.records else NONE_YET
    return words[language].format(records=verdict.records, digest=verdict.digest)
