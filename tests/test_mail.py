import stat
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import quote
from uuid import UUID

import aiosmtplib
import pytest

from events.core.ids import new_id
from events.core.mail import FilePost, Post, SmtpPost, post_for
from tests.post_office import PASSWORD, USER, PostOffice, make_certificate, post_office

LOGIN = f"{quote(USER)}:{quote(PASSWORD)}"


def letter(to: str = "wei@example.com") -> EmailMessage:
    mail = EmailMessage()
    mail["From"] = "Yingbin 迎宾 <desk@example.org>"
    mail["To"] = to
    mail["Subject"] = "科创谷启动仪式"
    mail.set_content("您的登记已确认。\n")
    return mail


async def sent(post: Post, mail: EmailMessage | None = None, message_id: UUID | None = None) -> tuple[str, str]:
    return await post.send(mail or letter(), message_id or new_id())


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as opened:
        yield opened


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A certificate of a mail server, which this machine trusts."""
    path = make_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


async def test_a_mail_arrives_as_it_was_written(office: PostOffice) -> None:
    outcome = await sent(SmtpPost(f"smtp://127.0.0.1:{office.port}"))

    assert outcome == ("sent", "")
    [mail] = office.mails
    assert (mail["Subject"], mail["To"]) == ("科创谷启动仪式", "wei@example.com")
    assert mail["From"].addresses[0].display_name == "Yingbin 迎宾"
    assert mail.get_content().splitlines() == ["您的登记已确认。"]
    assert office.recipients == ["wei@example.com"]


async def test_a_mail_reaches_an_international_address(office: PostOffice) -> None:
    await sent(SmtpPost(f"smtp://127.0.0.1:{office.port}"), letter("用户@例子.广告"))

    assert office.recipients == ["用户@例子.广告"]


async def test_a_password_travels_over_tls(certificate: Path) -> None:
    with post_office(certificate=certificate) as office:
        outcome = await sent(SmtpPost(f"smtp://{LOGIN}@127.0.0.1:{office.port}"))

    assert outcome == ("sent", "")
    assert office.logins == [USER]
    assert len(office.mails) == 1


async def test_a_server_may_speak_nothing_but_tls(certificate: Path) -> None:
    with post_office(certificate=certificate, implicit_tls=True) as office:
        outcome = await sent(SmtpPost(f"smtps://127.0.0.1:{office.port}"))

    assert outcome == ("sent", "")
    assert len(office.mails) == 1


async def test_a_password_is_not_told_to_a_server_without_tls(office: PostOffice) -> None:
    with pytest.raises(aiosmtplib.SMTPException):
        await sent(SmtpPost(f"smtp://{LOGIN}@127.0.0.1:{office.port}"))

    assert (office.logins, office.mails) == ([], [])


async def test_a_password_is_not_told_to_a_server_that_nobody_vouches_for(tmp_path: Path) -> None:
    with post_office(certificate=make_certificate(tmp_path)) as office:
        with pytest.raises(OSError, match="self-signed certificate"):
            await sent(SmtpPost(f"smtp://{LOGIN}@127.0.0.1:{office.port}"))

        assert (office.logins, office.mails) == ([], [])


async def test_a_wrong_password_is_refused(certificate: Path) -> None:
    with post_office(certificate=certificate) as office:
        with pytest.raises(aiosmtplib.SMTPAuthenticationError):
            await sent(SmtpPost(f"smtp://{quote(USER)}:wrong@127.0.0.1:{office.port}"))

        assert office.mails == []


@pytest.mark.parametrize("answer", ["451 come back later", "550 no such guest", "554 not from you"])
async def test_a_server_that_refuses_is_an_error(office: PostOffice, answer: str) -> None:
    office.answer = answer

    with pytest.raises(aiosmtplib.SMTPException, match=answer[4:]):
        await sent(SmtpPost(f"smtp://127.0.0.1:{office.port}"))


async def test_a_server_that_is_down_is_an_error(office: PostOffice) -> None:
    office.close()

    with pytest.raises((OSError, aiosmtplib.SMTPException)):
        await sent(SmtpPost(f"smtp://127.0.0.1:{office.port}"))


async def test_without_a_server_a_mail_is_kept_as_a_file(tmp_path: Path) -> None:
    message_id = new_id()

    outcome = await sent(FilePost(tmp_path / "mail"), message_id=message_id)

    assert outcome == ("kept", f"{message_id}.eml")
    kept = message_from_bytes((tmp_path / "mail" / f"{message_id}.eml").read_bytes(), policy=policy.default)
    assert (kept["Subject"], kept.get_content()) == ("科创谷启动仪式", "您的登记已确认。\n")
    assert stat.S_IMODE((tmp_path / "mail").stat().st_mode) == 0o700


async def test_a_mail_to_an_international_address_can_be_kept(tmp_path: Path) -> None:
    _, name = await sent(FilePost(tmp_path), letter("用户@例子.广告"))

    kept = message_from_bytes((tmp_path / name).read_bytes(), policy=policy.SMTPUTF8)
    assert kept["To"].addresses[0].addr_spec == "用户@例子.广告"


async def test_a_mail_that_is_kept_again_replaces_itself(tmp_path: Path) -> None:
    message_id = new_id()

    await sent(FilePost(tmp_path), message_id=message_id)
    await sent(FilePost(tmp_path), letter("na@example.com"), message_id)

    [file] = tmp_path.iterdir()
    assert message_from_bytes(file.read_bytes(), policy=policy.default)["To"] == "na@example.com"


async def test_the_settings_decide_which_way_mails_go(office: PostOffice, tmp_path: Path) -> None:
    by_server = await sent(post_for(f"smtp://127.0.0.1:{office.port}", tmp_path))
    by_file = await sent(post_for("", tmp_path))

    assert (by_server[0], by_file[0]) == ("sent", "kept")
    assert [path.name for path in (tmp_path / "mail").iterdir()] == [by_file[1]]
