"""What a station says beside scanning: duty, lock, parties, walk-ins, warnings. `checkin.wording` gathers it."""

from checkin.tongues import Said, said

DUTY: dict[str, Said] = {
    "duty_nobody": said("无人登录", "未有人登入", "Nobody signed on"),
    "duty_lead": said("负责人", "負責人", "Lead"),
    "sign_on": said("值守登录", "當值登入", "Sign on"),
    "sign_on_hint": said(
        "输入您的六位 PIN，扫描记录将署您的姓名。",
        "輸入您的六位數字 PIN，掃描記錄會署您的姓名。",
        "Type your six-digit PIN. Scans will bear your name.",
    ),
    "sign_on_later": said("稍后登录", "稍後登入", "Later"),
    "sign_off": said("交班", "交更", "Sign off"),
    "sign_off_confirm": said("再按一次交班", "再按一次交更", "Tap again to sign off"),
    "pin": said("六位 PIN", "六位數字 PIN", "Six-digit PIN"),
    "pin_clear": said("清空", "清除", "Clear"),
    "pin_back": said("退格", "刪除一位", "Delete one"),
    "pin_wrong": said("PIN 不正确，请重试", "PIN 不正確，請再試", "That is not the PIN. Try again"),
    "pin_wait": said(
        "尝试次数过多，请等 {seconds} 秒", "嘗試次數過多，請等 {seconds} 秒", "Too many tries. Wait {seconds} s"
    ),
    "pin_offline": said(
        "连不上服务器，暂时不能登录。扫码不受影响。",
        "未能連接伺服器，暫時不能登入。掃描不受影響。",
        "The server does not answer, so nobody can sign on now. Scanning goes on.",
    ),
    "lock": said("锁定", "鎖定", "Lock"),
    "locked": said("已锁定", "已鎖定", "Locked"),
    "locked_hint": said("输入值守 PIN 解锁", "輸入當值 PIN 解鎖", "Type the PIN of whoever is on duty"),
    "lock_after": said("无人操作时自动锁定", "無人操作時自動鎖定", "Lock by itself when nobody uses it"),
    "lock_never": said("不自动锁定", "不自動鎖定", "Never"),
    "lock_minutes": said("{count} 分钟后", "{count} 分鐘後", "After {count} min"),
    "close": said("关闭", "關閉", "Close"),
}

PARTY: dict[str, Said] = {
    "party_of": said("{name} 一行", "{name} 一行", "{name} and companions"),
    "party_leader": said("主宾", "主賓", "Leader"),
    "party_all": said("全选", "全選", "All"),
    "party_admit": said("放行 {count} 位", "放行 {count} 位", "Let {count} in"),
}

WALK_IN: dict[str, Said] = {
    "walk_in": said("现场登记", "現場登記", "Walk-in"),
    "walk_in_name": said("姓名", "姓名", "Name"),
    "walk_in_organisation": said("单位", "機構", "Organisation"),
    "walk_in_phone": said("手机", "手提電話", "Phone"),
    "walk_in_category": said("类别", "類別", "Category"),
    "walk_in_no_category": said("由负责人确定", "由負責人決定", "The lead decides"),
    "walk_in_badge": said("备用胸牌", "後備名牌", "Reserve badge"),
    "walk_in_scan": said(
        "如发放空白胸牌，请扫描其二维码",
        "如派發空白名牌，請掃描其二維碼",
        "Scan the blank badge that you hand out, if any",
    ),
    "walk_in_no_badge": said(
        "这不是胸牌上的二维码",
        "這不是名牌上的二維碼",
        "That is not the code of a badge",
    ),
    "walk_in_no_code": said("移除", "移除", "Remove"),
    "walk_in_send": said("登记", "登記", "Register"),
    "walk_in_name_missing": said("请填写姓名", "請填寫姓名", "Type a name"),
    "walk_in_done": said("已登记", "已登記", "Registered"),
    "walk_in_pending": said(
        "请现场负责人确认后入场", "請現場負責人確認後入場", "The lead has to confirm before this guest goes in"
    ),
    "walk_in_confirmed": said("已确认，请引导入场", "已確認，請帶領入場", "Confirmed. Show the guest in"),
    "walk_in_more": said("登记下一位", "登記下一位", "Next walk-in"),
}

STATES: dict[str, Said] = {
    "second_tab.word": said("另一页面正在扫码", "另一頁面正在掃描", "The door is open in another tab"),
    "second_tab.do": said(
        "同一部设备只能由一个页面扫码。请回到该页面，或在此接管。",
        "同一部裝置只可由一個頁面掃描。請返回該頁面，或在此接手。",
        "One page scans on each device. Go back to that page, or take over here.",
    ),
    "take_over": said("在此接管", "在此接手", "Take over here"),
    "device_revoked.word": said("本机已停用", "本機已停用", "This device is shut out"),
    "device_revoked.do": said(
        "嘉宾名单已从本机删除。请将设备交给现场负责人。",
        "嘉賓名單已從本機刪除。請將裝置交給現場負責人。",
        "The guest list has been removed from it. Hand it to the lead.",
    ),
    "device_revoked_waiting": said(
        "{count} 条扫描尚未上传，仍保存在本机。重新配对后会自动上传。",
        "{count} 項掃描尚未上載，仍保存在本機。重新配對後會自動上載。",
        "{count} scans are still kept here. Pair this device again and they are sent.",
    ),
    "device_revoked_nothing": said("扫描已全部上传。", "掃描已全部上載。", "Every scan has been sent."),
    "warn_storage": said(
        "本机存储空间不足，扫描可能无法保存。请清理空间或换用其他设备。",
        "本機儲存空間不足，掃描可能無法保存。請騰出空間或改用其他裝置。",
        "Storage on this device is nearly full, so scans may not be kept. Make room or use another device.",
    ),
    "warn_memory": said(
        "浏览器无法在本机保存数据。全部上传之前，请勿关闭本页。",
        "瀏覽器無法在本機保存資料。全部上載之前，請勿關閉本頁。",
        "The browser keeps nothing on this device. Do not close this page before everything is sent.",
    ),
    "warn_lost": said(
        "浏览器清除了本机数据，正在重新下载名单。",
        "瀏覽器已清除本機資料，正在重新下載名單。",
        "The browser has dropped the guest list. It is being fetched again.",
    ),
    "warn_clock": said(
        "本机时间相差 {minutes} 分钟，请校准。",
        "本機時間相差 {minutes} 分鐘，請校正。",
        "This device's clock is off by {minutes} min. Set it.",
    ),
    "warn_old": said(
        "名单已 {hours} 小时未更新，新登记的嘉宾可能查不到。",
        "名單已 {hours} 小時未更新，新登記的嘉賓可能找不到。",
        "The guest list is {hours} h old. New guests may be missing.",
    ),
    "warn_nobody": said(
        "尚未登录值守人员，扫描记录不会署名。",
        "未有當值人員登入，掃描記錄不會署名。",
        "Nobody is signed on, so scans bear no steward's name.",
    ),
    "warn_insecure": said(
        "本页未经 HTTPS 打开，断网时无法验票。",
        "本頁並非以 HTTPS 開啟，斷網時無法掃描報到。",
        "This page was not opened over HTTPS, so it cannot scan offline.",
    ),
    "warn_refused": said(
        "{count} 条扫描未获服务器接受，仍保留在本机，请交由负责人处理。",
        "{count} 項掃描未獲伺服器接受，仍保留在本機，請交由負責人處理。",
        "Scans that the server did not accept: {count}. They are kept on this device; tell a lead.",
    ),
    "warn_update": said(
        "新版本已就绪，空闲时自动更新。",
        "新版本已備妥，閒置時會自動更新。",
        "A new version is ready and starts when the door is idle.",
    ),
}

REHEARSAL: dict[str, Said] = {
    "rehearsal_on": said(
        "演练中，扫描不计入正式记录",
        "演練中，掃描不計入正式記錄",
        "REHEARSAL. Scans do not count",
    ),
    "rehearsal_begun": said(
        "活动已开始，仍在演练。是否结束演练？",
        "活動已開始，仍在演練。是否結束演練？",
        "The event has begun and this is still a REHEARSAL. End it?",
    ),
    "rehearsal_begin": said("开始演练", "開始演練", "Start a rehearsal"),
    "rehearsal_begin_confirm": said("再按一次开始演练", "再按一次開始演練", "Tap again to start it"),
    "rehearsal_end": said("结束演练", "結束演練", "End it"),
    "rehearsal_end_confirm": said("再按一次结束", "再按一次結束", "Tap again to end"),
    "rehearsal_hint": said(
        "演练时的扫描不计入人数、提醒和任何报表。",
        "演練時的掃描不計入人數、提示及任何報表。",
        "Scans of a rehearsal change no count, no alert and no report.",
    ),
}
