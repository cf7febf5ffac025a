"""What the door says to a scan. A key of a screen ends in `.word` (the one big word) or `.do` (the one instruction).

`checkin.wording` gathers it; `{name}` is filled in by the script.
"""

from checkin.tongues import Said, said

VERDICTS: dict[str, Said] = {
    "reading.word": said("核对中", "核對中", "Checking"),
    "reading.do": said("请稍候", "請稍候", "One moment"),
    "no_answer.word": said("暂无回应", "未有回應", "No answer"),
    "no_answer.do": said(
        "尚未记录，正在重试，请嘉宾稍候",
        "尚未記錄，正在重試，請嘉賓稍候",
        "Not recorded yet. Trying again; ask the guest to wait",
    ),
    "not_recorded.word": said("未能记录", "未能記錄", "Not recorded"),
    "not_recorded.do": said("请联系现场负责人", "請聯絡現場負責人", "Call the lead"),
    "admitted.word": said("请入场", "請入場", "Admitted"),
    "admitted.do": said("欢迎，请引导嘉宾入场", "歡迎，請帶領嘉賓入場", "Welcome. Show the guest in"),
    "admitted_vip.word": said("贵宾", "貴賓", "Guest of honour"),
    "admitted_vip.do": said(
        "请引导入场，并通知接待人员", "請帶領入場，並通知接待人員", "Show the guest in and call a host"
    ),
    "reentered.word": said("再次入场", "再次入場", "Back again"),
    "reentered.do": said("欢迎回来，请入场", "歡迎回來，請入場", "Welcome back. Let the guest in"),
    "exited.word": said("已离场", "已離場", "Left"),
    "exited.do": said("离场已记录", "離場已記錄", "The exit is recorded"),
    "already_inside.word": said("已入场", "已入場", "Already inside"),
    "already_inside.do": said("请核对是否同一人", "請核對是否同一人", "Check whether it is the same person"),
    "wrong_gate.word": said("请走其他入口", "請改用其他入口", "Another gate"),
    "wrong_gate.do": said(
        "此入口不接待该类嘉宾，请引导至其他入口",
        "此入口不接待該類嘉賓，請指引往其他入口",
        "This gate is not for this category. Show the way to the right one",
    ),
    "too_early.word": said("尚未开放", "尚未開放", "Not open yet"),
    "too_early.do": said("入口尚未开放，请嘉宾稍候", "入口尚未開放，請嘉賓稍候", "Ask the guest to wait"),
    "too_late.word": said("已停止入场", "已停止入場", "Entry closed"),
    "too_late.do": said("请联系现场负责人", "請聯絡現場負責人", "Call the lead"),
    "zone_full.word": said("区域已满", "區域已滿", "Area full"),
    "zone_full.do": said(
        "请稍候，有人离场后再入场",
        "請稍候，待有人離場後再入場",
        "Ask the guest to wait until somebody leaves",
    ),
    "not_confirmed.word": said("尚未确认", "尚未確認", "Not confirmed"),
    "not_confirmed.do": said("请现场负责人确认", "請現場負責人確認", "Ask the lead to confirm"),
    "cancelled.word": said("已取消", "已取消", "Cancelled"),
    "cancelled.do": said("请引导至服务台", "請帶往服務台", "Show the guest to the service desk"),
    "revoked.word": said("二维码已作废", "二維碼已作廢", "Code withdrawn"),
    "revoked.do": said("请引导至服务台", "請帶往服務台", "Show the guest to the service desk"),
    "other_event.word": said("其他活动", "其他活動", "Another event"),
    "other_event.do": said(
        "不是本活动的二维码，请引导至服务台",
        "並非本活動的二維碼，請帶往服務台",
        "Not a code of this event. Show the guest to the service desk",
    ),
    "unknown.word": said("无法识别", "無法識別", "Not recognised"),
    "unknown.do": said("请引导至服务台", "請帶往服務台", "Show the guest to the service desk"),
    "valid_unsynced.word": said("二维码有效", "二維碼有效", "Valid"),
    "valid_unsynced.do": said(
        "资料尚未同步到本机，请入场",
        "資料尚未同步至本機，請入場",
        "Genuine, details not on this device yet. Let the guest in",
    ),
}

DETAILS: dict[str, Said] = {
    "first_entry": said("首次入场 {time}", "首次入場 {time}", "First entry {time}"),
    "go_to": said("请前往{gate}", "請前往{gate}", "Go to {gate}"),
    "opens_at": said("{time} 开放，请嘉宾稍候", "{time} 開放，請嘉賓稍候", "Opens at {time}. Ask the guest to wait"),
    "closed_at": said(
        "已于 {time} 停止入场，请联系现场负责人",
        "已於 {time} 停止入場，請聯絡現場負責人",
        "Closed at {time}. Call the lead",
    ),
    "event_of": said(
        "属于“{event}”，请引导至服务台",
        "屬於「{event}」，請帶往服務台",
        "Belongs to “{event}”. Show the guest to the service desk",
    ),
    "slot": said("胸牌格位", "名牌格位", "Badge slot"),
    "round": said("签约：{round}", "簽約：{round}", "Signs in {round}"),
    "seat": said("座位 {seat}", "座位 {seat}", "Seat {seat}"),
    "leader_coming": said(
        "随员：请通知接待人员，{name} 将至",
        "隨員：請通知接待人員，{name} 即將抵達",
        "Companion: tell a host that {name} is about to arrive",
    ),
    "companion_of": said("{name} 的随员", "{name} 的隨員", "With {name}"),
    "party": said("随行名单", "隨行名單", "Party"),
    "confirm": said("确认并放行", "確認並放行", "Confirm and let in"),
    "mark_offline": said("本机判定，尚未上传", "本機判定，尚未上載", "Decided offline"),
    "mark_conflict": said(
        "记录有冲突，已转现场负责人", "記錄有衝突，已轉交現場負責人", "Records disagree: the lead is told"
    ),
    "mark_rehearsal": said("演练", "演練", "Rehearsal"),
    "same_person": said("同一人，准予入场", "同一人，准許入場", "Same person: let in"),
    "different_person": said("不是同一人", "不是同一人", "Different person"),
    "different_person.do": said("请引导至服务台", "請帶往服務台", "Show this person to the service desk"),
    "override": said("负责人放行", "負責人放行", "Lead: let in"),
    "override_confirm": said("再按一次放行", "再按一次放行", "Tap again to let in"),
    "override_reason": said("现场负责人放行", "現場負責人放行", "Let in by the lead"),
    "next": said("继续扫码", "繼續掃描", "Next guest"),
    "tap_to_go_on": said("轻触屏幕继续", "輕觸屏幕繼續", "Tap to go on"),
}
