"""Every sentence of the door page in its three languages, side by side so that they are changed together.

`words` is called by the door page, which hands them to its template and, as JSON, to its script. A key of a verdict
ends in `.word` (the one big word) or `.do` (the one instruction). `{name}` is filled in by the script.
The Hong Kong wording is written, not converted.
"""

from events.models import Language


def words(language: Language) -> dict[str, str]:
    """All door strings in `language`, by key."""
    return {key: said[language] for key, said in WORDS.items()}


def _said(zh_hans: str, zh_hant: str, en: str) -> dict[Language, str]:
    return {Language.ZH_HANS: zh_hans, Language.ZH_HANT: zh_hant, Language.EN: en}


_PAGE: dict[str, dict[Language, str]] = {
    "title": _said("签到验票", "嘉賓報到", "Door"),
    "gate": _said("入口", "入口", "Gate"),
    "direction": _said("方向", "方向", "Direction"),
    "entry": _said("入场", "入場", "Entry"),
    "exit": _said("离场", "離場", "Exit"),
    "inside": _said("在场", "在場", "Inside"),
    "expected": _said("应到", "應到", "Expected"),
    "language": _said("语言", "語言", "Language"),
    "steward": _said("值守", "當值", "On duty"),
    "change": _said("切换", "切換", "Change"),
    "needs_script": _said(
        "本页须启用 JavaScript 才能扫码验票。",
        "本頁須啟用 JavaScript 才能掃描報到。",
        "This page needs JavaScript to scan.",
    ),
}

_CONNECTION: dict[str, dict[Language, str]] = {
    "online": _said("已连接", "已連線", "Connected"),
    "connecting": _said("连接中", "連線中", "Connecting"),
    "offline": _said("暂无回应", "未有回應", "No answer"),
    "waiting": _said("{count} 条待记录", "{count} 項待記錄", "{count} not recorded"),
    "signed_out": _said("登录已过期", "登入已過期", "Signed out"),
    "sign_in": _said(
        "登录已过期，扫描仍保留在本机。请重新登录。",
        "登入已過期，掃描仍保留在本機。請重新登入。",
        "You are signed out. Scans are kept on this device; sign in again to record them.",
    ),
    "sign_in_now": _said("重新登录", "重新登入", "Sign in"),
    "sound_off": _said("轻触屏幕以开启声音", "輕觸屏幕以開啟聲音", "Tap once to turn on sound"),
}

_CAMERA: dict[str, dict[Language, str]] = {
    "ready": _said("可以扫码", "可以掃描", "Ready to scan"),
    "ready_hint": _said(
        "请用扫码枪扫描，或开启摄像头",
        "請用掃描器掃描，或開啟鏡頭",
        "Use the hand scanner, or start the camera",
    ),
    "camera_start": _said("开启摄像头", "開啟鏡頭", "Start camera"),
    "camera_aim": _said("将二维码对准框内", "將二維碼對準框內", "Hold the code inside the frame"),
    "camera_lens": _said("镜头", "鏡頭", "Lens"),
    "camera_lens_number": _said("镜头 {number}", "鏡頭 {number}", "Lens {number}"),
    "camera_starting": _said("正在开启摄像头", "正在開啟鏡頭", "Starting the camera"),
    "camera_denied": _said(
        "浏览器未获准使用摄像头。请在浏览器设置中允许，或改用扫码枪。",
        "瀏覽器未獲准使用鏡頭。請在瀏覽器設定中允許，或改用掃描器。",
        "The browser may not use the camera. Allow it in the browser's settings, or use a hand scanner.",
    ),
    "camera_missing": _said(
        "未找到摄像头。请用扫码枪，或输入编号。",
        "找不到鏡頭。請用掃描器，或輸入編號。",
        "No camera found. Use a hand scanner, or type the code.",
    ),
    "camera_busy": _said(
        "摄像头正被其他程序占用。关闭后请重试。",
        "鏡頭正被其他程式使用。請關閉後再試。",
        "Another program is using the camera. Close it and try again.",
    ),
    "decoder_broken": _said(
        "扫码组件未能载入。请刷新页面，或使用扫码枪。",
        "掃描元件未能載入。請重新整理頁面，或使用掃描器。",
        "The code reader did not load. Reload the page, or use a hand scanner.",
    ),
    "camera_insecure": _said(
        "须通过 HTTPS 打开本页才能使用摄像头。",
        "須以 HTTPS 開啟本頁才能使用鏡頭。",
        "Open this page over HTTPS to use the camera.",
    ),
}

_SEARCH: dict[str, dict[Language, str]] = {
    "search": _said("查找嘉宾或输入编号", "搜尋嘉賓或輸入編號", "Find a guest or type a code"),
    "search_hint": _said(
        "姓名、拼音、单位或手机后四位",
        "姓名、拼音、機構或電話末四位",
        "Name, organisation or last four digits",
    ),
    "search_none": _said("没有找到“{query}”", "找不到「{query}」", "Nobody found for “{query}”"),
    "search_count": _said("找到 {count} 位", "找到 {count} 位", "{count} found"),
    "search_failed": _said("暂时无法查找，请稍后再试", "暫時未能搜尋，請稍後再試", "Search does not answer. Try again"),
    "state_inside": _said("已入场 {time}", "已入場 {time}", "Inside {time}"),
    "state_left": _said("已离场", "已離場", "Left"),
    "state_expected": _said("未到", "未到", "Not here yet"),
    "state_pending": _said("待审核", "待審批", "To be approved"),
    "state_waitlisted": _said("候补", "候補", "Waiting list"),
    "state_declined": _said("未获批准", "未獲批准", "Declined"),
    "state_cancelled": _said("已取消", "已取消", "Cancelled"),
}

_RECENT: dict[str, dict[Language, str]] = {
    "recent": _said("最近三次", "最近三次", "Last three scans"),
    "recent_none": _said("尚无扫描", "尚未有掃描", "No scans yet"),
    "undo": _said("撤销", "撤銷", "Undo"),
    "undo_confirm": _said("再按一次撤销", "再按一次撤銷", "Tap again to undo"),
    "undoing": _said("正在撤销", "正在撤銷", "Undoing"),
    "undone": _said("已撤销", "已撤銷", "Undone"),
    "undo_failed": _said(
        "未能撤销，请联系现场负责人",
        "未能撤銷，請聯絡現場負責人",
        "Could not be undone. Ask the lead",
    ),
    "undo_reason": _said("误扫", "誤掃", "Scanned by mistake"),
}

_VERDICTS: dict[str, dict[Language, str]] = {
    "reading.word": _said("核对中", "核對中", "Checking"),
    "reading.do": _said("请稍候", "請稍候", "One moment"),
    "no_answer.word": _said("暂无回应", "未有回應", "No answer"),
    "no_answer.do": _said(
        "尚未记录，正在重试，请嘉宾稍候",
        "尚未記錄，正在重試，請嘉賓稍候",
        "Not recorded yet. Trying again; ask the guest to wait",
    ),
    "not_recorded.word": _said("未能记录", "未能記錄", "Not recorded"),
    "not_recorded.do": _said("请联系现场负责人", "請聯絡現場負責人", "Call the lead"),
    "admitted.word": _said("请入场", "請入場", "Admitted"),
    "admitted.do": _said("欢迎，请引导嘉宾入场", "歡迎，請帶領嘉賓入場", "Welcome. Show the guest in"),
    "admitted_vip.word": _said("贵宾", "貴賓", "Guest of honour"),
    "admitted_vip.do": _said(
        "请引导入场，并通知接待人员", "請帶領入場，並通知接待人員", "Show the guest in and call a host"
    ),
    "reentered.word": _said("再次入场", "再次入場", "Back again"),
    "reentered.do": _said("欢迎回来，请入场", "歡迎回來，請入場", "Welcome back. Let the guest in"),
    "exited.word": _said("已离场", "已離場", "Left"),
    "exited.do": _said("离场已记录", "離場已記錄", "The exit is recorded"),
    "already_inside.word": _said("已入场", "已入場", "Already inside"),
    "already_inside.do": _said("请核对是否同一人", "請核對是否同一人", "Check whether it is the same person"),
    "wrong_gate.word": _said("请走其他入口", "請改用其他入口", "Another gate"),
    "wrong_gate.do": _said(
        "此入口不接待该类嘉宾，请引导至其他入口",
        "此入口不接待該類嘉賓，請指引往其他入口",
        "This gate is not for this category. Show the way to the right one",
    ),
    "too_early.word": _said("尚未开放", "尚未開放", "Not open yet"),
    "too_early.do": _said("入口尚未开放，请嘉宾稍候", "入口尚未開放，請嘉賓稍候", "Ask the guest to wait"),
    "too_late.word": _said("已停止入场", "已停止入場", "Entry closed"),
    "too_late.do": _said("请联系现场负责人", "請聯絡現場負責人", "Call the lead"),
    "zone_full.word": _said("区域已满", "區域已滿", "Area full"),
    "zone_full.do": _said(
        "请稍候，有人离场后再入场",
        "請稍候，待有人離場後再入場",
        "Ask the guest to wait until somebody leaves",
    ),
    "not_confirmed.word": _said("尚未确认", "尚未確認", "Not confirmed"),
    "not_confirmed.do": _said("请现场负责人确认", "請現場負責人確認", "Ask the lead to confirm"),
    "cancelled.word": _said("已取消", "已取消", "Cancelled"),
    "cancelled.do": _said("请引导至服务台", "請帶往服務台", "Show the guest to the service desk"),
    "revoked.word": _said("二维码已作废", "二維碼已作廢", "Code withdrawn"),
    "revoked.do": _said("请引导至服务台", "請帶往服務台", "Show the guest to the service desk"),
    "other_event.word": _said("其他活动", "其他活動", "Another event"),
    "other_event.do": _said(
        "不是本活动的二维码，请引导至服务台",
        "並非本活動的二維碼，請帶往服務台",
        "Not a code of this event. Show the guest to the service desk",
    ),
    "unknown.word": _said("无法识别", "無法識別", "Not recognised"),
    "unknown.do": _said("请引导至服务台", "請帶往服務台", "Show the guest to the service desk"),
    "valid_unsynced.word": _said("二维码有效", "二維碼有效", "Valid"),
    "valid_unsynced.do": _said(
        "资料尚未同步到本机，请入场",
        "資料尚未同步至本機，請入場",
        "Genuine, details not on this device yet. Let the guest in",
    ),
}

_DETAILS: dict[str, dict[Language, str]] = {
    "first_entry": _said("首次入场 {time}", "首次入場 {time}", "First entry {time}"),
    "go_to": _said("请前往{gate}", "請前往{gate}", "Go to {gate}"),
    "opens_at": _said("{time} 开放，请嘉宾稍候", "{time} 開放，請嘉賓稍候", "Opens at {time}. Ask the guest to wait"),
    "closed_at": _said(
        "已于 {time} 停止入场，请联系现场负责人",
        "已於 {time} 停止入場，請聯絡現場負責人",
        "Closed at {time}. Call the lead",
    ),
    "event_of": _said(
        "属于“{event}”，请引导至服务台",
        "屬於「{event}」，請帶往服務台",
        "Belongs to “{event}”. Show the guest to the service desk",
    ),
    "slot": _said("证件格位 {slot}", "證件格位 {slot}", "Badge slot {slot}"),
    "same_person": _said("同一人，准予入场", "同一人，准許入場", "Same person: let in"),
    "different_person": _said("不是同一人", "不是同一人", "Different person"),
    "different_person.do": _said("请引导至服务台", "請帶往服務台", "Show this person to the service desk"),
    "override": _said("负责人放行", "負責人放行", "Lead: let in"),
    "override_confirm": _said("再按一次放行", "再按一次放行", "Tap again to let in"),
    "override_reason": _said("现场负责人放行", "現場負責人放行", "Let in by the lead"),
    "next": _said("继续扫码", "繼續掃描", "Next guest"),
    "tap_to_go_on": _said("轻触屏幕继续", "輕觸屏幕繼續", "Tap to go on"),
}

WORDS: dict[str, dict[Language, str]] = _PAGE | _CONNECTION | _CAMERA | _SEARCH | _RECENT | _VERDICTS | _DETAILS
