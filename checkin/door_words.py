"""What the idle door says: bar, connection, camera, search, last scans. `checkin.wording` gathers it."""

from checkin.tongues import Said, said

PAGE: dict[str, Said] = {
    "title": said("签到验票", "嘉賓報到", "Door"),
    "gate": said("入口", "入口", "Gate"),
    "direction": said("方向", "方向", "Direction"),
    "entry": said("入场", "入場", "Entry"),
    "exit": said("离场", "離場", "Exit"),
    "inside": said("在场", "在場", "Inside"),
    "expected": said("应到", "應到", "Expected"),
    "language": said("语言", "語言", "Language"),
    "steward": said("值守", "當值", "On duty"),
    "change": said("切换", "切換", "Change"),
    "needs_script": said(
        "本页须启用 JavaScript 才能扫码验票。",
        "本頁須啟用 JavaScript 才能掃描報到。",
        "This page needs JavaScript to scan.",
    ),
}

CONNECTION: dict[str, Said] = {
    "online": said("已连接", "已連線", "Connected"),
    "connecting": said("连接中", "連線中", "Connecting"),
    "offline": said("离线", "離線", "Offline"),
    "waiting": said("{count} 条待上传", "{count} 項待上載", "{count} waiting"),
    "conflicts": said("{count} 条有冲突", "{count} 項有衝突", "{count} in conflict"),
    "data_minutes": said("名单 {count} 分钟前", "名單 {count} 分鐘前", "List {count} min old"),
    "data_hours": said("名单 {count} 小时前", "名單 {count} 小時前", "List {count} h old"),
    "signed_out": said("登录已过期", "登入已過期", "Signed out"),
    "sign_in": said(
        "登录已过期，扫描仍保留在本机。请重新登录。",
        "登入已過期，掃描仍保留在本機。請重新登入。",
        "You are signed out. Scans are kept on this device; sign in again to record them.",
    ),
    "sign_in_now": said("重新登录", "重新登入", "Sign in"),
    "sound_off": said("轻触屏幕以开启声音", "輕觸屏幕以開啟聲音", "Tap once to turn on sound"),
}

CAMERA: dict[str, Said] = {
    "ready": said("可以扫码", "可以掃描", "Ready to scan"),
    "ready_hint": said(
        "请用扫码枪扫描，或开启摄像头",
        "請用掃描器掃描，或開啟鏡頭",
        "Use the hand scanner, or start the camera",
    ),
    "camera_start": said("开启摄像头", "開啟鏡頭", "Start camera"),
    "camera_aim": said("将二维码对准框内", "將二維碼對準框內", "Hold the code inside the frame"),
    "camera_lens": said("镜头", "鏡頭", "Lens"),
    "camera_lens_number": said("镜头 {number}", "鏡頭 {number}", "Lens {number}"),
    "camera_starting": said("正在开启摄像头", "正在開啟鏡頭", "Starting the camera"),
    "camera_denied": said(
        "浏览器未获准使用摄像头。请在浏览器设置中允许，或改用扫码枪。",
        "瀏覽器未獲准使用鏡頭。請在瀏覽器設定中允許，或改用掃描器。",
        "The browser may not use the camera. Allow it in the browser's settings, or use a hand scanner.",
    ),
    "camera_missing": said(
        "未找到摄像头。请用扫码枪，或输入编号。",
        "找不到鏡頭。請用掃描器，或輸入編號。",
        "No camera found. Use a hand scanner, or type the code.",
    ),
    "camera_busy": said(
        "摄像头正被其他程序占用。关闭后请重试。",
        "鏡頭正被其他程式使用。請關閉後再試。",
        "Another program is using the camera. Close it and try again.",
    ),
    "decoder_broken": said(
        "扫码组件未能载入。请刷新页面，或使用扫码枪。",
        "掃描元件未能載入。請重新整理頁面，或使用掃描器。",
        "The code reader did not load. Reload the page, or use a hand scanner.",
    ),
    "camera_insecure": said(
        "须通过 HTTPS 打开本页才能使用摄像头。",
        "須以 HTTPS 開啟本頁才能使用鏡頭。",
        "Open this page over HTTPS to use the camera.",
    ),
}

SEARCH: dict[str, Said] = {
    "search": said("查找嘉宾或输入编号", "搜尋嘉賓或輸入編號", "Find a guest or type a code"),
    "search_hint": said(
        "姓名、拼音、单位或手机后四位",
        "姓名、拼音、機構或電話末四位",
        "Name, organisation or last four digits",
    ),
    "search_none": said("没有找到“{query}”", "找不到「{query}」", "Nobody found for “{query}”"),
    "search_count": said("找到 {count} 位", "找到 {count} 位", "{count} found"),
    "search_failed": said("暂时无法查找，请稍后再试", "暫時未能搜尋，請稍後再試", "Search does not answer. Try again"),
    "state_inside": said("已入场 {time}", "已入場 {time}", "Inside {time}"),
    "state_left": said("已离场", "已離場", "Left"),
    "state_expected": said("未到", "未到", "Not here yet"),
    "state_pending": said("待审核", "待審批", "To be approved"),
    "state_waitlisted": said("候补", "候補", "Waiting list"),
    "state_declined": said("未获批准", "未獲批准", "Declined"),
    "state_cancelled": said("已取消", "已取消", "Cancelled"),
}

RECENT: dict[str, Said] = {
    "recent": said("最近三次", "最近三次", "Last three scans"),
    "recent_none": said("尚无扫描", "尚未有掃描", "No scans yet"),
    "undo": said("撤销", "撤銷", "Undo"),
    "undo_confirm": said("再按一次撤销", "再按一次撤銷", "Tap again to undo"),
    "undoing": said("正在撤销", "正在撤銷", "Undoing"),
    "undone": said("已撤销", "已撤銷", "Undone"),
    "undo_failed": said(
        "未能撤销，请联系现场负责人",
        "未能撤銷，請聯絡現場負責人",
        "Could not be undone. Ask the lead",
    ),
    "undo_reason": said("误扫", "誤掃", "Scanned by mistake"),
}
