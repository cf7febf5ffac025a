"""The command line: serving, setting up, and the papers without a browser.

Exit status: 0 done, 1 refused or failed with one line on standard error, 2 wrong usage.
"""

import asyncio
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Annotated

import httpx
import typer
from rich.console import Console
from rich.text import Text
from sqlalchemy.exc import SQLAlchemyError

from badges import attendance as attendance_paper
from badges.pages import print_badges
from badges.press import Press
from badges.symbol import link_symbol
from checkin import attendance
from checkin.attendance import Wanted
from checkin.attendance_sheet import sheet_of
from checkin.booth.demonstration import seed_tour
from checkin.stage.demonstration import seed_stage
from events import seeding, serving, store
from events.backup import Unfit
from events.cli_house import EventName, House, Out, fail, in_house, in_ready_house, write
from events.cli_records import records
from events.core import accounts, logs
from events.core.auth import Scope
from events.core.clock import SystemClock
from events.core.errors import Invalid, NotFound, Refusal, SettingError
from events.core.i18n import Catalogues, Language
from events.core.ids import Role
from events.core.machine import this_machine
from events.core.parsing import parsed
from events.core.settings import Settings, read_settings
from events.core.wording import SENTENCES, field_sentences
from events.demo import day
from events.demo.ceremony import load_ceremony
from events.demo.story import load
from events.forms import AccountForm
from events.migrations import migrate
from events.serving import Listening, Secured, blocks, instructions, served_on

cli = typer.Typer(
    help="Yingbin 迎宾: guests, badges, doors and records of ceremonies.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

cli.add_typer(records)


def main() -> None:
    """Runs the command line and turns failures into one line and status 1."""
    try:
        cli()
    except Invalid as error:
        fail(" ".join(field_sentences(error.fields).values()) or SENTENCES[error.code].format(**error.parameters))
    except Refusal as error:
        fail(SENTENCES.get(error.code, error.code).format(**error.parameters))
    except (SettingError, Unfit, OSError, SQLAlchemyError, httpx.HTTPError, day.Disagreement) as error:
        fail((str(error).splitlines() or [type(error).__name__])[0])


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 8000,
    workers: Annotated[int, typer.Option(min=1, help="Processes; more than one needs PostgreSQL.")] = 1,
    https: Annotated[
        bool,
        typer.Option("--https", help="Serve HTTPS with a certificate authority of its own, which phones trust once."),
    ] = False,
    plain_port: Annotated[
        int, typer.Option(help="With --https: the port of the page that phones open first; default: the next one.")
    ] = 0,
    welcome: Annotated[
        bool, typer.Option("--welcome", help="Print one-time sign-in links for the demonstration.")
    ] = False,
) -> None:
    """Run the server."""
    settings, machine, at = read_settings(), this_machine(), Listening(host, port, workers)
    logs.set_up(settings.log_format)
    if workers > 1 and settings.database.startswith("sqlite"):
        raise SettingError(f"--workers {workers}: several processes need PostgreSQL in YINGBIN_DATABASE_URL")
    secure = None
    if https:
        secure = serving.secured(settings, at, machine, plain_port=plain_port or port + 1, now=SystemClock().now())
        _print_trust(secure, at.urls(machine, "https"))
    settings = secure.settings if secure else served_on(settings, at, machine)
    if welcome:
        _print_welcome(settings)
    serving.run(settings, at, secure=secure)


@cli.command("migrate")
def migrate_command() -> None:
    """Bring the database up to this version."""

    async def work(house: House) -> str:
        return await migrate(house.database)

    revision = in_house(work)
    typer.echo(f"database at revision {revision}")


@cli.command("seed-demo")
def seed_demo(
    if_empty: Annotated[bool, typer.Option("--if-empty", help="Do nothing where there are events.")] = False,
) -> None:
    """Put the demonstration event, dated today, into the database."""

    async def work(house: House) -> str:
        await migrate(house.database)
        if if_empty and not await house.database.read(seeding.is_empty):
            return "there are events already: nothing was added"
        story, now = load(), house.now
        event = await house.database.write(lambda tx: seeding.seed_event(tx, story, now=now))
        count = await house.database.write(lambda tx: seeding.seed_guests(tx, event, story, now=now))
        await house.database.write(lambda tx: seed_stage(tx, event, load_ceremony(), now=now))
        await house.database.write(lambda tx: seed_tour(tx, event, story, now=now))
        await house.database.write(lambda tx: seeding.seed_people(tx, now=now))
        return f"{event.slug}: {count} invented guests"

    typer.echo(in_house(work))


@cli.command("create-user")
def create_user(
    email: Annotated[str, typer.Argument(metavar="EMAIL")],
    role: Annotated[Role, typer.Option(help="What the person is.")],
    name: Annotated[str, typer.Option(help="What to call the person.")] = "",
    side: Annotated[str, typer.Option(help="Hosting side whose contacts they see; else everybody's.")] = "",
) -> None:
    """Make an account and print a link that signs in once."""
    address = parsed(AccountForm, {"email": email}).email

    async def work(house: House) -> str:
        await migrate(house.database)
        user = await house.database.write(
            lambda tx: accounts.create_user(
                tx,
                email=address,
                name=name or address.partition("@")[0],
                role=role,
                language=Language.ZH_HANS,
                now=house.now,
                side=side,
            )
        )
        return await house.database.write(
            lambda tx: accounts.create_link(tx, house.keyring, user_id=user.id, now=house.now)
        )

    typer.echo(f"{_usual_address()}/desk/sign-in/{in_house(work)}")


@cli.command("sign-in-link")
def sign_in_link(email: Annotated[str, typer.Argument(metavar="EMAIL")]) -> None:
    """Print a link that signs in once, for somebody who has no password or forgot it."""

    async def work(house: House) -> str:
        user = await house.database.read(lambda tx: accounts.user_by_email(tx, email))
        if user is None:
            raise NotFound("unknown_account")
        return await house.database.write(
            lambda tx: accounts.create_link(tx, house.keyring, user_id=user.id, now=house.now)
        )

    typer.echo(f"{_usual_address()}/desk/sign-in/{in_ready_house(work)}")


@cli.command("revoke-token")
def revoke_token(event: EventName, name: Annotated[str, typer.Argument(metavar="NAME")]) -> None:
    """Revoke every API token of that name; a running server forgets it within five seconds."""

    async def work(house: House) -> int:
        held = await house.database.read(lambda tx: store.event_by_name(tx, event))
        return await house.database.write(
            lambda tx: accounts.revoke_tokens(tx, event_id=held.id, name=name, now=house.now)
        )

    count = in_ready_house(work)
    if not count:
        raise NotFound("unknown_token")
    typer.echo(f"{count} revoked")


@cli.command("create-token")
def create_token(
    event: EventName,
    scope: Annotated[Scope, typer.Option(help="What the token opens.")],
    name: Annotated[str, typer.Option(help="What to call it, for revoking.")] = "script",
    side: Annotated[str, typer.Option(help="Hosting side whose contacts it reads; else everybody's.")] = "",
) -> None:
    """Make an API token for one event and print it; it is not shown again."""

    async def work(house: House) -> str:
        held = await house.database.read(lambda tx: store.event_by_name(tx, event))
        return await house.database.write(
            lambda tx: accounts.create_token(
                tx, house.keyring, event_id=held.id, scope=scope, name=name, now=house.now, side=side
            )
        )

    typer.echo(in_ready_house(work))


@cli.command()
def badges(
    event: EventName,
    out: Out,
    lang: Annotated[Language, typer.Option(help="Language of the heading.")] = Language.ZH_HANS,
) -> None:
    """Print the badges of all confirmed guests, one a page."""

    async def work(house: House) -> bytes:
        held = await house.database.read(lambda tx: store.event_by_name(tx, event))
        guests = await house.database.read(lambda tx: store.confirmed_guests(tx, held.id))
        if not guests:
            return b""
        async with Press() as press:
            return await print_badges(press, house.database, held, guests, language=lang)

    content = in_ready_house(work)
    if not content:
        fail(f"{event}: nobody is confirmed, so there are no badges")
    write(out, content)


@cli.command("attendance")
def attendance_command(
    event: EventName,
    out: Out,
    lang: Annotated[Language, typer.Option(help="Language of the record.")] = Language.ZH_HANS,
) -> None:
    """Write the attendance record as PDF, CSV or XLSX, by the ending of --out; PDF on standard output."""

    async def work(house: House) -> bytes:
        held = await house.database.read(lambda tx: store.event_by_name(tx, event))
        record = await house.database.read(lambda tx: attendance.attendance_of(tx, held, Wanted()))
        catalogues = Catalogues()
        if out.suffix == ".csv":
            return attendance.as_csv(record, catalogues=catalogues, language=lang)
        if out.suffix == ".xlsx":
            return attendance.as_xlsx(record, catalogues=catalogues, language=lang)
        return attendance_paper.draw(sheet_of(record, now=house.now, catalogues=catalogues, language=lang))

    if out.suffix not in {".pdf", ".csv", ".xlsx"} and str(out) != "-":
        raise typer.BadParameter("the file must end in .pdf, .csv or .xlsx", param_hint="--out")
    write(out, in_ready_house(work))


@cli.command()
def demo(
    out: Annotated[Path, typer.Option(help="Folder for the papers.")] = Path("out"),
    guests: Annotated[int, typer.Option(min=216, max=20_000, help="How many guests.")] = 216,
) -> None:
    """Run a whole day over real HTTP in a fresh database, and check every count."""
    asyncio.run(day.run(out, guests=guests, console=Console(stderr=False)))


def _usual_address() -> str:
    """Where links lead that are made while no server runs."""
    return served_on(read_settings(), Listening("127.0.0.1", 8000), this_machine()).base_url


def _print_trust(secure: Secured, urls: Sequence[str]) -> None:
    for line in instructions(secure, urls):
        typer.echo(line)
    if sys.stdout.isatty():
        Console().print(Text(blocks(link_symbol(secure.trust.url)), style="black on bright_white"))


def _print_welcome(settings: Settings) -> None:
    async def work(house: House) -> tuple[str, dict[str, str]]:
        await migrate(house.database)
        events = await house.database.read(store.all_events)
        links = await house.database.write(partial(seeding.links_for, keyring=house.keyring, now=house.now))
        return (events[0].slug if events else ""), links

    slug, links = in_house(work)
    base = settings.base_url
    organiser, steward = (links.get(f"{who}@example.org", "") for who in ("organiser", "steward"))
    typer.echo(f"  guests      {base}/e/{slug}" if slug else f"  guests      {base}/")
    if organiser and steward:
        typer.echo(f"  door        {base}/desk/sign-in/{steward}?next=/door")
        typer.echo(f"  organiser   {base}/desk/sign-in/{organiser}?next=/desk")
        typer.echo("  the two sign-in links work once; `yingbin serve --welcome` prints new ones")
