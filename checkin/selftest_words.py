"""What the self-test says before the doors open. `checkin.wording` gathers it."""

from checkin.tongues import Said, said

SELF_TEST: dict[str, Said] = {
    "self_test": said("开门自检", "開門自檢", "Self-test"),
    "test_do": said("检测", "檢測", "Try"),
    "test_yes": said("是", "是", "Yes"),
    "test_no": said("否", "否", "No"),
    "test_state_ok": said("正常", "正常", "Good"),
    "test_state_warn": said("注意", "注意", "Attention"),
    "test_state_fail": said("异常", "異常", "Fault"),
    "test_state_open": said("待检测", "待檢測", "To try"),
    "test_ready": said("可以开门", "可以開門", "Ready to open"),
    "test_not_ready": said("还不能开门：{names}", "尚未可開門：{names}", "Not ready: {names}"),
    "comma": said("、", "、", ", "),
    "seconds": said("{count} 秒", "{count} 秒", "{count} s"),
    "minutes": said("{count} 分钟", "{count} 分鐘", "{count} min"),
    "test_reader": said("摄像头或扫码枪", "鏡頭或掃描器", "Camera or scanner"),
    "test_camera": said("摄像头", "鏡頭", "Camera"),
    "test_camera_open": said("开启摄像头看看画面", "開啟鏡頭看看畫面", "Start it and look at the picture"),
    "test_camera_hold": said(
        "画面已开启。请对准下方测试码（另一部设备或打印件）",
        "畫面已開啟。請對準下方測試碼（另一部裝置或列印本）",
        "It shows a picture. Point it at the test code below, on another device or on paper",
    ),
    "test_camera_reads": said("已读出测试码", "已讀出測試碼", "It read the test code"),
    "test_sound": said("声音", "聲音", "Sound"),
    "test_sound_open": said("播放一声，确认听得到", "播放一聲，確認聽得到", "Play one and listen"),
    "test_sound_ask": said("听到了吗？", "聽到了嗎？", "Did you hear it?"),
    "test_sound_yes": said("听得到", "聽得到", "Heard"),
    "test_sound_no": said(
        "听不到：请调高音量，关闭静音",
        "聽不到：請調高音量，關閉靜音",
        "Not heard: turn it up and switch silent mode off",
    ),
    "test_sound_off": said("浏览器不播放声音", "瀏覽器不播放聲音", "The browser plays no sound"),
    "test_code": said("测试码", "測試碼", "Test code"),
    "test_code_open": said(
        "用摄像头或扫码枪读此码，不会产生任何记录",
        "用鏡頭或掃描器讀取此碼，不會產生任何記錄",
        "Read it with the camera or the scanner. Nothing is recorded",
    ),
    "test_code_alt": said("测试用二维码", "測試用二維碼", "QR code for the test"),
    "test_code_camera": said("摄像头已读出", "鏡頭已讀出", "Read by the camera"),
    "test_code_scanner": said("扫码枪已读出", "掃描器已讀出", "Read by the scanner"),
    "test_scanner": said("扫码枪", "掃描器", "Hand scanner"),
    "test_scanner_open": said(
        "随便扫一个码，看收到什么", "隨意掃描一個碼，看收到甚麼", "Scan anything and see what arrives"
    ),
    "test_scanner_heard": said(
        "收到“{text}”，每键 {gap} 毫秒",
        "收到「{text}」，每鍵 {gap} 毫秒",
        "Received “{text}”, {gap} ms a key",
    ),
    "test_scanner_person": said(
        "收到“{text}”，每键 {gap} 毫秒：像是手工输入",
        "收到「{text}」，每鍵 {gap} 毫秒：似是人手輸入",
        "Received “{text}”, {gap} ms a key: that is a person typing",
    ),
    "test_method": said("输入法", "輸入法", "Input method"),
    "test_method_open": said("按几个键，或扫一个码", "按幾個鍵，或掃描一個碼", "Press some keys, or scan"),
    "test_method_on": said(
        "输入法已开启，不影响扫码。按键位置 {places}，键名 {names}",
        "輸入法已開啟，不影響掃描。按鍵位置 {places}，鍵名 {names}",
        "An input method is on, which is fine. By place {places}, by name {names}",
    ),
    "test_method_off": said(
        "输入法未开启。按键位置 {places}，键名 {names}",
        "輸入法未開啟。按鍵位置 {places}，鍵名 {names}",
        "No input method is on. By place {places}, by name {names}",
    ),
    "test_clock": said("时钟", "時鐘", "Clock"),
    "test_clock_unknown": said("尚未与服务器核对", "尚未與伺服器核對", "Not compared with the server yet"),
    "test_clock_near": said("与服务器相差 {time}", "與伺服器相差 {time}", "{time} from the server's"),
    "test_clock_far": said(
        "与服务器相差 {time}，请校准本机时间",
        "與伺服器相差 {time}，請校正本機時間",
        "{time} from the server's. Set this device's clock",
    ),
    "test_data": said("嘉宾名单", "嘉賓名單", "Guest list"),
    "test_data_none": said(
        "本机没有名单，离线时认不出姓名",
        "本機沒有名單，離線時認不出姓名",
        "None on this device: no names while offline",
    ),
    "test_data_held": said(
        "{held} 位，{minutes} 分钟前更新", "{held} 位，{minutes} 分鐘前更新", "{held} guests, {minutes} min old"
    ),
    "test_storage": said("本机存储", "本機儲存", "Storage"),
    "test_storage_ok": said(
        "可长期保存，剩余 {free} GB", "可長期保存，尚餘 {free} GB", "Kept for good, {free} GB free"
    ),
    "test_storage_unsure": said(
        "浏览器可能清除数据，剩余 {free} GB",
        "瀏覽器可能清除資料，尚餘 {free} GB",
        "The browser may drop it, {free} GB free",
    ),
    "test_storage_full": said(
        "空间不足，扫描可能无法保存", "空間不足，掃描可能無法保存", "Nearly full: scans may not be kept"
    ),
    "test_storage_none": said(
        "无法保存：请通过 HTTPS 打开", "無法保存：請以 HTTPS 開啟", "Nothing can be kept: open the page over HTTPS"
    ),
    "test_printer": said("打印机", "打印機", "Printer"),
    "test_printer_open": said("需要时打印一张测试页", "有需要時列印一張測試頁", "Print a test page if you need one"),
    "test_printer_ask": said("打印出来了吗？", "列印出來了嗎？", "Did it print?"),
    "test_printer_yes": said("打印正常", "列印正常", "Prints"),
    "test_printer_no": said("没有打印出来", "未能列印", "Did not print"),
    "test_print_title": said("测试页", "測試頁", "Test page"),
}
