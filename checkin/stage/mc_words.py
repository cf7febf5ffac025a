"""What the tablet on the lectern says of itself, in three languages: it changes its language without asking the server.

Called by the page of the master of ceremonies, which hands them to its template and, as JSON, to its script.
"""

from collections.abc import Mapping

from checkin.tongues import Said, said
from events.core.i18n import Language

WORDS: Mapping[str, Said] = {
    "title": said("主持人", "司儀", "Master of ceremonies"),
    "previous": said("上一句", "上一句", "Previous"),
    "current": said("现在", "現在", "Now"),
    "next": said("下一句", "下一句", "Next"),
    "go_back": said("上一句", "上一句", "Back"),
    "go_on": said("下一句", "下一句", "Next line"),
    "all_lines": said("全部台词", "全部講詞", "All lines"),
    "close": said("关闭", "關閉", "Close"),
    "end": said("全部结束", "全部完畢", "This is the end"),
    "beginning": said("由此开始", "由此開始", "This is the beginning"),
    "empty": said("议程中还没有环节。", "程序中還沒有環節。", "No lines yet: the programme is empty."),
    "place": said("{place} / {count}", "{place} / {count}", "{place} of {count}"),
    "on_stage": said("台上：第 {number} 轮", "台上：第 {number} 輪", "On stage now: round {number}"),
    "called": said("候场：第 {number} 轮", "候場：第 {number} 輪", "Called: round {number}"),
    "jump": said("跳到这一轮", "跳至此輪", "Go to it"),
    "changed": said("有改动", "有改動", "Changed"),
    "new": said("新增", "新增", "New"),
    "was": said("原为：{sentence}", "原為：{sentence}", "Was: {sentence}"),
    "noted": said("知道了", "知道了", "Noted"),
    "changes": said("{count} 处改动", "{count} 處改動", "{count} changed"),
    "removed": said("已删去 {count} 句", "已刪去 {count} 句", "{count} lines were taken out"),
    "changes_title": said("提醒", "提示", "Notices"),
    "turn": said("换句", "轉句", "Turn"),
    "language": said("语言", "語言", "Language"),
    "stage": said("台务", "台務", "Stage"),
    "cue_sheet": said("主持词提示单", "司儀稿提示單", "Cue sheet"),
    "forget": said("从本机清除", "從本機清除", "Remove from this device"),
    "forget_really": said(
        "清除本机保存的台词？离线时将无法打开。",
        "清除本機儲存的講詞？離線時將無法開啟。",
        "Remove the lines kept on this device? Without network they cannot be opened then.",
    ),
    "connecting": said("连接中", "連線中", "Connecting"),
    "live": said("实时", "即時", "Live"),
    "stale": said("没有新消息，自 {time} 起", "沒有新消息，自 {time} 起", "Nothing new since {time}"),
    "lost": said("离线，自 {time} 起", "離線，自 {time} 起", "Offline since {time}"),
    "signed_out": said("登录已过期，自 {time} 起", "登入已逾時，自 {time} 起", "Signed out since {time}"),
    "sign_in": said("重新登录", "重新登入", "Sign in again"),
    "keys": said(
        "方向键、空格或翻页笔换句；Home、End 到首尾。",
        "以方向鍵、空白鍵或簡報筆轉句；Home、End 往首尾。",
        "Arrows, space or a presenter’s clicker turn; Home and End go to either end.",
    ),
}  # fmt: skip


def words_in(language: Language) -> dict[str, str]:
    """All words of the page in `language`, by key."""
    return {key: words[language] for key, words in WORDS.items()}
