"""What the kiosk says to guests, who pick their language themselves. `checkin.wording` gathers it."""

from checkin.tongues import Said, said

KIOSK: dict[str, Said] = {
    "title": said("自助签到", "自助報到", "Self check-in"),
    "welcome": said("欢迎", "歡迎", "Welcome"),
    "scan": said("请将二维码对准摄像头", "請將二維碼對準鏡頭", "Hold your QR code up to the camera"),
    "no_code": said("没有二维码？", "沒有二維碼？", "No code?"),
    "digits": said("手机号码后四位", "手提電話末四位", "Last four digits of your phone"),
    "surname": said("姓氏", "姓氏", "Surname"),
    "find": said("查找", "搜尋", "Find me"),
    "choose": said("请选择您的姓名", "請選擇您的姓名", "Choose your name"),
    "none_of_these": said("都不是", "以上皆非", "None of these"),
    "looking": said("请稍候", "請稍候", "One moment"),
    "admitted": said("欢迎，请入场", "歡迎，請入場", "Welcome. Please go in"),
    "printing": said(
        "正在打印您的胸牌，请在下方取",
        "正在列印您的名牌，請於下方領取",
        "Your badge is being printed. Please take it below",
    ),
    "badge_at_desk": said(
        "请入场，胸牌请到服务台领取",
        "請入場，名牌請到服務台領取",
        "Please go in. Your badge is at the service desk",
    ),
    "not_found": said(
        "没有找到。请再试一次，或到服务台",
        "找不到。請再試一次，或到服務台",
        "Not found. Try again, or go to the service desk",
    ),
    "desk": said("请到服务台", "請到服務台", "Please go to the service desk"),
    "desk_hint": said("工作人员会协助您", "工作人員會協助您", "Our staff will help you"),
    "done": said("完成", "完成", "Done"),
    "back": said("返回", "返回", "Back"),
    "languages": said("语言", "語言", "Language"),
    "camera_off": said("摄像头未开启", "鏡頭未開啟", "The camera is off"),
    "camera_start": said("开启摄像头", "開啟鏡頭", "Start the camera"),
    "staff": said("工作人员", "工作人員", "Staff"),
    "needs_script": said(
        "本页须启用 JavaScript。请到服务台。",
        "本頁須啟用 JavaScript。請到服務台。",
        "This page needs JavaScript. Please go to the service desk.",
    ),
}
