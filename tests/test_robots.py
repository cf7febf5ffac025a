import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest

from checkin.models import RobotFormat
from checkin.robots import SIGNATURE, Posting, Told, complaint, harmless, posting

AT = datetime(2026, 3, 2, 6, 5, 11, 500_000, tzinfo=UTC)
SECONDS, MILLISECONDS = "1772431511", "1772431511500"
TOLD = Told(text="李晓明 已到场", facts={"type": "guest.arrived", "id": "42"})
ROBOTS = [RobotFormat.WECOM, RobotFormat.DINGTALK, RobotFormat.FEISHU]


def posted(robot: RobotFormat, *, url: str = "https://robot.example/send?key=k", secret: str = "") -> Posting:
    return posting(robot, TOLD, url=url, secret=secret, at=AT)


def mac(key: str, message: str) -> str:
    return base64.b64encode(hmac.new(key.encode(), message.encode(), hashlib.sha256).digest()).decode()


def test_wecom_gets_a_text_and_no_signature() -> None:
    sent = posted(RobotFormat.WECOM, secret="unused")

    assert sent.url == "https://robot.example/send?key=k"
    assert json.loads(sent.body) == {"msgtype": "text", "text": {"content": "李晓明 已到场"}}
    assert sent.headers == {"Content-Type": "application/json; charset=utf-8"}


def test_dingtalk_is_signed_in_the_query_with_milliseconds() -> None:
    sent = posted(RobotFormat.DINGTALK, url="https://oapi.example/robot/send?access_token=t", secret="SECabc")

    parts = urlsplit(sent.url)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == "https://oapi.example/robot/send"
    sign = mac("SECabc", f"{MILLISECONDS}\nSECabc")
    assert parse_qs(parts.query) == {"access_token": ["t"], "timestamp": [MILLISECONDS], "sign": [sign]}
    assert json.loads(sent.body) == {"msgtype": "text", "text": {"content": "李晓明 已到场"}}


def test_the_plus_and_slash_of_a_signature_survive_the_query() -> None:
    signs = [
        parse_qs(urlsplit(posted(RobotFormat.DINGTALK, secret=str(number)).url).query)["sign"][0]
        for number in range(20)
    ]

    assert [sign for sign in signs if "+" in sign] != []
    assert signs == [mac(str(number), f"{MILLISECONDS}\n{number}") for number in range(20)]


def test_an_address_without_a_query_gets_one() -> None:
    sent = posted(RobotFormat.DINGTALK, url="https://oapi.example/send", secret="s")

    assert sent.url.startswith(f"https://oapi.example/send?timestamp={MILLISECONDS}&sign=")


def test_feishu_is_signed_in_the_body_with_seconds() -> None:
    sent = posted(RobotFormat.FEISHU, secret="abc")

    assert sent.url == "https://robot.example/send?key=k"
    assert json.loads(sent.body) == {
        "timestamp": SECONDS,
        "sign": mac(f"{SECONDS}\nabc", ""),
        "msg_type": "text",
        "content": {"text": "李晓明 已到场"},
    }


@pytest.mark.parametrize("robot", ROBOTS)
def test_a_robot_without_a_secret_gets_no_signature(robot: RobotFormat) -> None:
    sent = posted(robot)

    assert sent.url == "https://robot.example/send?key=k"
    assert "sign" not in json.loads(sent.body)


def test_a_script_gets_the_facts_and_can_prove_when_and_by_whom_they_were_sent() -> None:
    sent = posted(RobotFormat.GENERIC, secret="shared")

    signed = hmac.new(b"shared", f"{SECONDS}.".encode() + sent.body, hashlib.sha256).hexdigest()
    assert json.loads(sent.body) == {"type": "guest.arrived", "id": "42", "text": "李晓明 已到场"}
    assert sent.headers[SIGNATURE] == f"t={SECONDS},v1={signed}"
    assert SIGNATURE not in posted(RobotFormat.GENERIC).headers


@pytest.mark.parametrize("robot", ROBOTS)
def test_a_guests_name_cannot_call_everybody_in_the_group(robot: RobotFormat) -> None:
    told = Told(text='<@all> <at user_id="all">所有人</at>', facts={})

    sent = posting(robot, told, url="https://robot.example", secret="", at=AT)

    assert b"<" not in sent.body
    assert harmless("<@all>") == "＜@all＞"


@pytest.mark.parametrize("robot", ROBOTS)
def test_a_text_that_is_too_long_is_cut_between_characters(robot: RobotFormat) -> None:
    told = Told(text="谷" * 1000, facts={})

    body = json.loads(posting(robot, told, url="https://robot.example", secret="", at=AT).body)

    content = body.get("text", body.get("content"))
    assert content.get("content", content.get("text")) == "谷" * 666


@pytest.mark.parametrize(
    ("robot", "status", "answer", "said"),
    [
        (RobotFormat.GENERIC, 204, b"", ""),
        (RobotFormat.GENERIC, 200, b"whatever", ""),
        (RobotFormat.GENERIC, 302, b"", "HTTP 302"),
        (RobotFormat.WECOM, 200, b'{"errcode": 0, "errmsg": "ok"}', ""),
        (RobotFormat.WECOM, 200, b'{"errcode": 93000, "errmsg": "invalid webhook url"}', "93000: invalid webhook url"),
        (RobotFormat.WECOM, 502, b'{"errcode": 0}', "HTTP 502"),
        (RobotFormat.DINGTALK, 200, b'{"errcode": 310000, "errmsg": "sign not match"}', "310000: sign not match"),
        (RobotFormat.FEISHU, 200, b'{"code": 0, "msg": "success"}', ""),
        (RobotFormat.FEISHU, 200, b'{"StatusCode": 0, "StatusMessage": "success"}', ""),
        (RobotFormat.FEISHU, 200, b'{"code": 19021, "msg": "sign match fail"}', "19021: sign match fail"),
        (RobotFormat.FEISHU, 200, b'{"code": 9499, "msg": "a\\u0000\\ud800b"}', "9499: ab"),
        (RobotFormat.FEISHU, 200, b'{"code": 1}', "1: "),
        (RobotFormat.DINGTALK, 200, b"<html>", "the answer is not a robot's"),
        (RobotFormat.DINGTALK, 200, b"[]", "the answer is not a robot's"),
        (RobotFormat.DINGTALK, 200, b"\xff", "the answer is not a robot's"),
    ],
)
def test_what_the_receiver_says_decides(robot: RobotFormat, status: int, answer: bytes, said: str) -> None:
    assert complaint(robot, status, answer) == said


def test_a_long_complaint_is_shortened() -> None:
    answer = json.dumps({"errcode": 1, "errmsg": "x" * 1000}).encode()

    assert len(complaint(RobotFormat.WECOM, 200, answer)) == 300


def test_what_is_sent_does_not_show_its_address_by_accident() -> None:
    assert "key=k" not in repr(posted(RobotFormat.WECOM))
