"""What a webhook receives, in the words of whoever receives it: message bodies, signatures, and how they say no.

Pure; the courier sends. The formats are those of
WeCom     https://developer.work.weixin.qq.com/document/path/91770
DingTalk  https://open.dingtalk.com/document/group/custom-robot-access
Feishu    https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
and our own: any script that can check an HMAC.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast
from urllib.parse import urlencode, urlsplit, urlunsplit

from checkin.models import RobotFormat

SIGNATURE = "Yingbin-Signature"
PER_MINUTE = 18
"""WeCom and DingTalk take 20 messages a minute of a robot; DingTalk is silent for ten minutes after one too many."""

_LONGEST_TEXT = 2000  # bytes; WeCom refuses more than 2048
_LONGEST_COMPLAINT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is told: `text` for people in a group chat, `facts` for scripts."""

    text: str
    facts: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """A POST that is ready to be sent. The address holds the robot's key, so it is kept out of every log."""

    url: str = field(repr=False)
    body: bytes
    headers: Mapping[str, str]


def posting(robot: RobotFormat, told: Told, *, url: str, secret: str, at: datetime) -> Posting:
    """The message in the receiver's format, signed at `at` where there is a secret."""
    headers = {"Content-Type": "application/json; charset=utf-8"}
    body, added = _WRITERS[robot](told, secret, at)
    content = json.dumps(body, ensure_ascii=False).encode()
    if robot is RobotFormat.GENERIC and secret:
        headers[SIGNATURE] = _own_signature(content, secret, at)
    return Posting(url=_with_query(url, added), body=content, headers=headers)


def complaint(robot: RobotFormat, status: int, answer: bytes) -> str:
    """Why the receiver did not take the message; empty where it did.

    The robots answer 200 even to what they refuse, with a code that is not zero.
    """
    if not 200 <= status < 300:
        return f"HTTP {status}"
    return "" if robot is RobotFormat.GENERIC else _robot_complaint(answer)


def harmless(text: str) -> str:
    """`text` without angle brackets, by which WeCom and Feishu would call members of the group (`<@all>`)."""
    return text.replace("<", "＜").replace(">", "＞")


def _generic(told: Told, _secret: str, _at: datetime) -> tuple[dict[str, Any], dict[str, str]]:
    return {**told.facts, "text": told.text}, {}


def _wecom(told: Told, _secret: str, _at: datetime) -> tuple[dict[str, Any], dict[str, str]]:
    """The key stands in the address; there is no signature."""
    return {"msgtype": "text", "text": {"content": _for_people(told)}}, {}


def _dingtalk(told: Told, secret: str, at: datetime) -> tuple[dict[str, Any], dict[str, str]]:
    """Signed in the query: HMAC-SHA256 of "milliseconds LF secret" under the secret."""
    body = {"msgtype": "text", "text": {"content": _for_people(told)}}
    if not secret:
        return body, {}
    timestamp = str(int(at.timestamp() * 1000))
    return body, {"timestamp": timestamp, "sign": _base64_hmac(secret, f"{timestamp}\n{secret}")}


def _feishu(told: Told, secret: str, at: datetime) -> tuple[dict[str, Any], dict[str, str]]:
    """Signed in the body: HMAC-SHA256 of nothing under "seconds LF secret"."""
    body: dict[str, Any] = {"msg_type": "text", "content": {"text": _for_people(told)}}
    if not secret:
        return body, {}
    timestamp = str(int(at.timestamp()))
    return {"timestamp": timestamp, "sign": _base64_hmac(f"{timestamp}\n{secret}", ""), **body}, {}


_WRITERS = {
    RobotFormat.GENERIC: _generic,
    RobotFormat.WECOM: _wecom,
    RobotFormat.DINGTALK: _dingtalk,
    RobotFormat.FEISHU: _feishu,
}


def _for_people(told: Told) -> str:
    return harmless(told.text).encode()[:_LONGEST_TEXT].decode(errors="ignore")


def _base64_hmac(key: str, message: str) -> str:
    return base64.b64encode(hmac.digest(key.encode(), message.encode(), hashlib.sha256)).decode()


def _own_signature(content: bytes, secret: str, at: datetime) -> str:
    """`t=<seconds>,v1=<hexadecimal HMAC-SHA256 of "seconds.body">`: the time is signed, so that a copy grows old."""
    timestamp = str(int(at.timestamp()))
    signed = hmac.new(secret.encode(), f"{timestamp}.".encode() + content, hashlib.sha256)
    return f"t={timestamp},v1={signed.hexdigest()}"


def _with_query(url: str, added: Mapping[str, str]) -> str:
    if not added:
        return url
    parts = urlsplit(url)
    query = "&".join(filter(None, (parts.query, urlencode(added))))
    return urlunsplit(parts._replace(query=query))


def _robot_complaint(answer: bytes) -> str:
    said = _object_in(answer)
    code = next((said[key] for key in ("errcode", "code", "StatusCode") if key in said), None)
    if code is None:
        return "the answer is not a robot's"
    words = f"{code}: {said.get('errmsg') or said.get('msg') or ''}"
    return "" if code == 0 else "".join(filter(str.isprintable, words))[:_LONGEST_COMPLAINT]


def _object_in(answer: bytes) -> dict[str, Any]:
    try:
        said: Any = json.loads(answer)
    except ValueError:
        return {}
    return cast("dict[str, Any]", said) if isinstance(said, dict) else {}
