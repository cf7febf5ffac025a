"""What the booth's page says to the exhibitor's staff, and what stands over the columns of their list."""

from checkin.door_words import CAMERA
from checkin.tongues import Said, said
from events.core.i18n import Language

BOOTH: dict[str, Said] = {
    "title": said("展位扫码", "展位掃描", "Booth scanner"),
    "scan": said("请扫描来宾的二维码", "請掃描來賓的二維碼", "Scan a visitor's code"),
    "type_code": said("或输入胸牌上的编号", "或輸入名牌上的編號", "Or type the code from the badge"),
    "look_up": said("查询", "查詢", "Look up"),
    "looking": said("请稍候", "請稍候", "One moment"),
    "shared": said("来宾已同意", "來賓已同意", "The visitor has agreed"),
    "shared_again": said("已在您的名单中", "已在您的名單內", "Already on your list"),
    "not_agreed": said("来宾尚未同意", "來賓尚未同意", "The visitor has not agreed"),
    "not_agreed_hint": said(
        "请对方在自己的入场凭证页面上同意，然后再扫一次。此前不显示任何资料。",
        "請對方在其入場憑證頁面上同意，然後再掃描一次。在此之前不會顯示任何資料。",
        "Ask them to agree on their pass page, then scan again. Until then nothing of theirs is shown.",
    ),
    "unknown": said("不是本次活动的二维码", "不是本活動的二維碼", "Not a code of this event"),
    "unknown_hint": said(
        "请扫描来宾胸牌或入场凭证上的二维码。",
        "請掃描來賓名牌或入場憑證上的二維碼。",
        "Scan the code on the visitor's badge or on their pass.",
    ),
    "kept": said("已存下，联网后发送", "已儲存，連線後傳送", "Kept, and sent when the connection is back"),
    "kept_hint": said(
        "对方若已同意，资料随后出现在名单里。",
        "如對方已同意，其資料稍後會在名單內顯示。",
        "If they have agreed, they appear on your list then.",
    ),
    "failed": said("无法记录，请再扫一次", "無法記錄，請再掃描一次", "This could not be recorded. Please scan again"),
    "again": said("再试一次", "再試一次", "Try again"),
    "note": said("备注", "備註", "Note"),
    "note_hint": said(
        "只有本展位和主办单位看得到", "只有本展位及主辦機構可看到", "Seen by your booth and the organisers only"
    ),
    "save": said("保存备注", "儲存備註", "Save the note"),
    "saved": said("已保存", "已儲存", "Saved"),
    "not_saved": said("未能保存，请稍后再试", "未能儲存，請稍後再試", "Not saved. Please try again later"),
    "next": said("下一位", "下一位", "Next visitor"),
    "list": said("本展位的来宾", "本展位的來賓", "Your visitors"),
    "list_none": said("还没有来宾。", "暫時沒有來賓。", "No visitors yet."),
    "list_old": said("名单可能不是最新的", "名單未必是最新", "The list may be out of date"),
    "count": said("共 {count} 位", "共 {count} 位", "{count} in all"),
    "export": said("导出名单", "匯出名單", "Export the list"),
    "online": said("已连接", "已連線", "Connected"),
    "offline": said("未连接", "未連線", "No connection"),
    "waiting": said("{count} 条待发送", "{count} 項待傳送", "{count} to be sent"),
    "not_agreed_later": said(
        "{count} 位在离线时扫描的来宾没有同意，未予保存。",
        "{count} 位在離線時掃描的來賓沒有同意，未有儲存。",
        "{count} visitors scanned without a connection had not agreed; nothing of them was kept.",
    ),
    "revoked": said(
        "此设备已停用。请到主办单位服务台。",
        "此裝置已停用。請到主辦機構服務台。",
        "This device has been withdrawn. Please go to the organisers' desk.",
    ),
    "privacy": said(
        "只有同意过的来宾才会显示；对方可随时撤回，撤回后即从名单中消失。",
        "只會顯示已同意的來賓；對方可隨時撤回，撤回後即從名單中移除。",
        "Only visitors who agreed are shown. They may take it back at any time, and are then gone from the list.",
    ),
    "needs_script": said(
        "扫码须启用 JavaScript。名单仍可在下方导出。",
        "掃描須啟用 JavaScript。名單仍可在下方匯出。",
        "Scanning needs JavaScript. The list can still be exported below.",
    ),
}

COLUMNS: dict[str, Said] = {
    "booth": said("展位", "展位", "Booth"),
    "at": said("时间", "時間", "Time"),
    "name": said("姓名", "姓名", "Name"),
    "name_latin": said("拉丁字母姓名", "英文姓名", "Latin name"),
    "organisation": said("单位", "機構", "Organisation"),
    "job_title": said("职务", "職銜", "Title"),
    "email": said("电子邮箱", "電郵", "E-mail"),
    "note": said("备注", "備註", "Note"),
}


def booth_words(language: Language) -> dict[str, str]:
    """All strings of the booth's page in `language`, by key; those of its camera are the door's."""
    return {key: each[language] for key, each in (BOOTH | CAMERA).items()}


def column_words(language: Language) -> list[str]:
    """The heading of an exported list."""
    return [each[language] for each in COLUMNS.values()]
