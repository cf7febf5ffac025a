import stat
from pathlib import Path

import pytest

from events.core.errors import SettingError
from events.core.settings import Settings, read_settings

KEY = "k" * 32


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_nothing_needs_to_be_set(tmp_path: Path) -> None:
    settings = read_settings()

    assert settings.database == f"sqlite+aiosqlite:///{tmp_path / 'data' / 'yingbin.sqlite3'}"
    assert (settings.base_url, settings.smtp_url, settings.log_format) == ("", "", "text")
    assert settings.mail_from == "Yingbin <yingbin@localhost>"
    assert len(settings.secret_key) >= 32


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("YINGBIN_LOG_FORMAT=json\nYINGBIN_BASE_URL=https://from-file.example\n")
    monkeypatch.setenv("YINGBIN_BASE_URL", "https://from-environment.example")

    settings = read_settings()

    assert (settings.log_format, settings.base_url) == ("json", "https://from-environment.example")


def test_what_belongs_to_other_programs_is_no_business_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://elsewhere")

    assert read_settings().database.startswith("sqlite+aiosqlite:///")


def test_a_secret_key_is_made_once_and_readable_by_its_owner_only(tmp_path: Path) -> None:
    first, second = read_settings(), read_settings()

    kept = tmp_path / "data" / "secret.key"
    assert first.secret_key == second.secret_key == kept.read_text()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


def test_two_installations_have_different_keys(tmp_path: Path) -> None:
    one, two = (read_settings(data_dir=tmp_path / name) for name in ("one", "two"))

    assert one.secret_key != two.secret_key


def test_a_key_that_is_set_is_used_and_none_is_kept(tmp_path: Path) -> None:
    assert read_settings(secret_key=KEY).secret_key == KEY
    assert not (tmp_path / "data" / "secret.key").exists()


@pytest.mark.parametrize(
    ("variable", "value", "remedy"),
    [
        ("DATABASE_URL", "mysql://u:hidden@host/db", "must start with sqlite+aiosqlite:/// or postgresql+asyncpg://"),
        ("DATABASE_URL", "postgresql+asyncpg://u:hidden@host:port/db", "the port must be a number from 0 to 65535"),
        ("SMTP_URL", "https://u:hidden@host", "must start with smtp:// or smtps://"),
        ("SMTP_URL", "smtp://u:hidden@host:99999", "the port must be a number from 0 to 65535"),
        ("SMTP_URL", "smtp://", "must name a host after smtp:// or smtps://"),
    ],
)
def test_a_wrong_secret_setting_is_named_but_not_shown(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, remedy: str
) -> None:
    monkeypatch.setenv(f"YINGBIN_{variable}", value)

    with pytest.raises(SettingError) as refused:
        read_settings()

    assert str(refused.value) == f"YINGBIN_{variable} = (not shown): {remedy}"


@pytest.mark.parametrize(
    ("variable", "value", "remedy"),
    [
        ("BASE_URL", "guests.example.org", "must start with http:// or https://"),
        ("BASE_URL", "https://", "must name a host after http:// or https://"),
        ("BASE_URL", "http:///pass", "must name a host after http:// or https://"),
        ("BASE_URL", "http://host:0x50", "the port must be a number from 0 to 65535"),
        ("LOG_FORMAT", "xml", "Input should be 'text' or 'json'"),
        ("MAIL_FROM", "Yingbin", "must be an address such as Yingbin <yingbin@example.org>"),
        ("MAIL_FROM", "a@b.org\nBcc: c@d.org", "must be an address such as Yingbin <yingbin@example.org>"),
        ("MAIL_FROM", "迎宾@例子.广告", "must be an address such as Yingbin <yingbin@example.org>"),
    ],
)
def test_a_wrong_setting_is_named_with_its_value_and_what_would_be_right(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, remedy: str
) -> None:
    monkeypatch.setenv(f"YINGBIN_{variable}", value)

    with pytest.raises(SettingError) as refused:
        read_settings()

    assert str(refused.value) == f"YINGBIN_{variable} = {value!r}: {remedy}"


def test_a_short_secret_key_is_refused_without_showing_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YINGBIN_SECRET_KEY", "hidden")

    with pytest.raises(SettingError) as refused:
        read_settings()

    assert str(refused.value) == "YINGBIN_SECRET_KEY is too short: use 32 characters or more"


@pytest.mark.parametrize("kept", ["", "short"])
def test_a_damaged_key_file_stops_the_start_and_is_left_alone(tmp_path: Path, kept: str) -> None:
    path = tmp_path / "data" / "secret.key"
    path.parent.mkdir()
    path.write_text(kept)

    with pytest.raises(SettingError) as refused:
        read_settings()

    assert str(refused.value) == f"{Path('data/secret.key')} is too short: use 32 characters or more"
    assert path.read_text() == kept


def test_a_data_folder_that_cannot_be_one_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("YINGBIN_DATA_DIR", "file")

    with pytest.raises(SettingError) as refused:
        read_settings()

    assert str(refused.value) == "YINGBIN_DATA_DIR = 'file': File exists; name a folder that can be written to"


@pytest.mark.parametrize(
    ("base_url", "kept", "secure"),
    [
        ("", "", False),
        ("http://guests.example.org/", "http://guests.example.org", False),
        ("https://guests.example.org//", "https://guests.example.org", True),
        ("https://guests.example.org:8443/welcome/", "https://guests.example.org:8443/welcome", True),
        ("https://[::1]:8443", "https://[::1]:8443", True),
    ],
)
def test_the_public_address_loses_its_last_slash_and_decides_about_cookies(
    base_url: str, kept: str, secure: bool
) -> None:
    settings = read_settings(base_url=base_url, secret_key=KEY)

    assert (settings.base_url, settings.secure) == (kept, secure)


@pytest.mark.parametrize(
    "url", ["sqlite+aiosqlite:////var/lib/yingbin.db", "postgresql+asyncpg://u:p@h:5432/db", "postgresql+asyncpg:///db"]
)
def test_both_engines_are_taken_as_they_are_given(url: str) -> None:
    assert read_settings(database_url=url, secret_key=KEY).database == url


@pytest.mark.parametrize("sender", ["desk@example.org", "Yingbin 迎宾 <desk@example.org>", '"Park, The" <a@b.hk>'])
def test_a_sender_may_have_a_name_in_any_script(sender: str) -> None:
    assert read_settings(mail_from=sender, secret_key=KEY).mail_from == sender


def test_settings_do_not_change_while_the_program_runs() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read_settings(secret_key=KEY).base_url = "http://elsewhere"


def test_every_setting_says_what_it_is_for() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []
