"""What a master of ceremonies says, and what the cue lines are called, in the three languages side by side.

`SPOKEN` is read aloud, so each language has sentences of its own and none is translated from another. `LABELS` stands
beside the lines on the tablet and in the JSON. Called by `cues` and the pages of the master of ceremonies.
"""

from collections.abc import Mapping

from checkin.tongues import Said, said
from events.core.i18n import Language

SPOKEN: Mapping[str, Said] = {
    "opening.reception": said(
        "各位来宾，欢迎莅临{event}！{title}现已开始{at}。", "各位嘉賓，歡迎蒞臨{event}！{title}現已開始{at}。",
        "Ladies and gentlemen, a warm welcome to you all. {title}{at}.",
    ),
    "opening.exhibition": said(
        "各位来宾，{title}现已开放，欢迎参观{at}。", "各位嘉賓，{title}現已開放，歡迎參觀{at}。",
        "Ladies and gentlemen, now open: {title}{at}.",
    ),
    "opening.speeches": said("下面进入{title}环节。", "現在進入{title}環節。", "Next on our programme: {title}."),
    "opening.launch": said("下面举行{title}。", "現在舉行{title}。", "Next on our programme: {title}."),
    "opening.signing": said("下面举行{title}。", "現在舉行{title}。", "Next on our programme: {title}."),
    "opening.presentation": said("下面举行{title}。", "現在舉行{title}。", "Next on our programme: {title}."),
    "opening.release": said("下面进行{title}。", "現在進行{title}。", "Next on our programme: {title}."),
    "opening.tour": said(
        "接下来是{title}，请各位来宾跟随工作人员前往{place}。", "接下來是{title}，請各位嘉賓跟隨工作人員前往{place}。",
        "Next on our programme: {title}{at}. Please follow our staff.",
    ),
    "opening.photo": said(
        "请各位来宾移步{place}，参加{title}。", "請各位嘉賓移步{place}，參加{title}。",
        "May we now invite you to join us: {title}{at}.",
    ),
    "at": said("，地点：{place}", "，地點：{place}", ", {place}"),
    "there": said("现场", "現場", "there"),
    "first": said("首先，", "首先，", "First, "),
    "next": said("接下来，", "接下來，", "Next, "),
    "last": said("最后，", "最後，", "Finally, "),
    "only": said("下面，", "現在，", "Now, "),
    "call.signing": said("由{parties}签署{title}。", "由{parties}簽署{title}。", "{parties} will sign {title}."),
    "call.signing.bare": said("签署{title}。", "簽署{title}。", "the signing of {title}."),
    "call.presentation": said("颁发{item}。", "頒發{item}。", "the presentation of {item}."),
    "document": said("合作文件", "合作文件", "their agreement"),
    "award": said("证书", "證書", "the certificates"),
    "invite.witness": said(
        "有请{people}上台见证签约。", "有請{people}上台見證簽署。", "To witness the signing, please welcome {people}."
    ),
    "invite.signatory": said("有请{people}上台签约。", "有請{people}上台簽署。", "To sign, please welcome {people}."),
    "invite.recipient": said(
        "有请{people}上台领取{item}。", "有請{people}上台領取{item}。", "To receive {item}, please welcome {people}."
    ),
    "invite.presenter": said(
        "有请{people}上台颁发{item}。", "有請{people}上台頒發{item}。", "To present {item}, please welcome {people}."
    ),
    "invite.officiant": said(
        "有请启动嘉宾上台：{people}。", "有請各位主禮嘉賓上台：{people}。",
        "Please welcome to the stage our officiating guests: {people}.",
    ),
    "invite.speaker": said("有请{people}致辞。", "有請{people}致辭。", "please welcome {people}."),
    "act.signing": said("请双方代表签署文本。", "請雙方代表簽署。", "Please sign."),
    "act.signing.many": said("请各方代表签署文本。", "請各方代表簽署。", "Please sign."),
    "act.presentation": said(
        "请颁发{item}，并合影留念。", "請頒發{item}，並合照留念。", "Please present {item}, and turn to the cameras."
    ),
    "act.launch": said("请各位嘉宾共同启动！", "請各位主禮嘉賓一同啟動！", "Please launch, all together, now!"),
    "exchange.signing": said(
        "请双方代表交换文本，握手并合影留念。", "請雙方代表交換文本，握手並合照留念。",
        "Please exchange the documents, shake hands, and turn to the cameras.",
    ),
    "exchange.signing.many": said(
        "请各方代表交换文本，握手并合影留念。", "請各方代表交換文本，握手並合照留念。",
        "Please exchange the documents, shake hands, and turn to the cameras.",
    ),
    "close.signing": said(
        "让我们以热烈的掌声，祝贺{parties}成功签约！请各位嘉宾回座。",
        "請以熱烈掌聲，恭賀{parties}完成簽署！請各位嘉賓回座。",
        "The signing is complete. Please join me in congratulating {parties}. Thank you; please take your seats.",
    ),
    "close.presentation": said(
        "让我们以热烈的掌声表示祝贺！请各位嘉宾回座。", "請以熱烈掌聲恭賀各位！請各位嘉賓回座。",
        "Congratulations to all. Thank you; please take your seats.",
    ),
    "close.launch": said(
        "启动成功！感谢各位启动嘉宾，请回座。", "啟動成功！感謝各位主禮嘉賓，請回座。",
        "It is launched. Thank you; please take your seats.",
    ),
    "close.speeches": said("感谢{people}的致辞。", "感謝{people}的致辭。", "Thank you, {people}."),
    "and": said("与", "與", " and "),
    "quoted": said("《{title}》", "《{title}》", "“{title}”"),
    "both": said("双方", "雙方", "both parties"),
    "nobody": said("（人选待定）", "（人選待定）", "(to be named)"),
    "postponed": said("已延后，不宣读。", "已延後，不宣讀。", "Postponed: not to be read."),
    "withdrawn": said("已撤回，不宣读。", "已撤回，不宣讀。", "Withdrawn: not to be read."),
    "because": said("原因：{reason}", "原因：{reason}", " Reason: {reason}"),
}  # fmt: skip

KINDS: Mapping[str, Said] = {
    "opening": said("开场", "開場", "Opening"),
    "call": said("宣布", "宣布", "Announcement"),
    "invite": said("请上台", "請上台", "To the stage"),
    "invite.speaker": said("请致辞", "請致辭", "To the lectern"),
    "act.signing": said("签署", "簽署", "Signing"),
    "act.presentation": said("颁发", "頒發", "Presentation"),
    "act.launch": said("启动", "啟動", "Launch"),
    "exchange": said("换文", "換文", "Exchange"),
    "close": said("结束语", "結束語", "Closing"),
    "postponed": said("延后", "延後", "Postponed"),
    "withdrawn": said("撤回", "撤回", "Withdrawn"),
}

NOTES: Mapping[str, Said] = {
    "stands_for": said("代 {name}", "代 {name}", "for {name}"),
    "unconfirmed": said("读音待确认", "讀音待確認", "Reading not confirmed"),
    "untranslated": said("未填英文职务", "未填英文職銜", "No English title"),
    "not_read": said("不宣读", "不宣讀", "not read out"),
    "round": said("第 {number} 轮", "第 {number} 輪", "Round {number}"),
}


def spoken(key: str, language: Language, **parameters: str) -> str:
    """A sentence to read out, filled in."""
    return SPOKEN[key][language].format(**parameters)


def label(words: Mapping[str, Said], key: str, language: Language, **parameters: object) -> str:
    """What stands beside a line, filled in."""
    return words[key][language].format(**parameters)
