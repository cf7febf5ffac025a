"""Commands for what has to last: the ceremony record, whether it was altered, and the database in one file."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.ext.asyncio import AsyncConnection

from badges import record as paper
from checkin.stage.ceremony import as_json, ceremony_of
from checkin.stage.record_sheet import sheet_of
from checkin.stage.record_words import say_verdict
from checkin.stage.verifying import Verdict, verify
from checkin.tally import Tally, tally_of
from events import store
from events.backup import backup, restore
from events.cli_house import EventName, House, Out, in_house, in_ready_house, write
from events.core.i18n import Language

records = typer.Typer()


@records.command("record")
def record_command(
    event: EventName,
    out: Out,
    lang: Annotated[Language, typer.Option(help="Language of the record.")] = Language.ZH_HANS,
) -> None:
    """Write the ceremony record as PDF or JSON, by the ending of --out; PDF on standard output."""

    async def work(house: House) -> bytes:
        held = await house.database.read(lambda tx: store.event_by_name(tx, event))
        ceremony = await house.database.read(lambda tx: ceremony_of(tx, held, now=house.now))
        if out.suffix == ".json":
            return as_json(ceremony).encode()
        return paper.draw(sheet_of(ceremony, language=lang))

    if out.suffix not in {".pdf", ".json"} and str(out) != "-":
        raise typer.BadParameter("the file must end in .pdf or .json", param_hint="--out")
    write(out, in_ready_house(work))


@records.command("verify")
def verify_command(
    event: Annotated[str, typer.Argument(metavar="[EVENT]", help="Short name or id; all events without one.")] = "",
) -> None:
    """Check that no record of a ceremony was altered, and that counts agree; status 1 names the first that was."""

    async def look(tx: AsyncConnection) -> list[tuple[str, Verdict, Tally]]:
        held = [await store.event_by_name(tx, event)] if event else await store.all_events(tx)
        return [(each.slug, await verify(tx, each), await tally_of(tx, each)) for each in held]

    async def work(house: House) -> list[tuple[str, Verdict, Tally]]:
        return await house.database.read(look)

    found = in_ready_house(work)
    for slug, verdict, tally in found:
        typer.echo(f"{slug}: {say_verdict(verdict, Language.EN)}", err=verdict.fault is not None)
        typer.echo(f"{slug}: {tally}", err=not tally.agrees)
    if any(verdict.fault or not tally.agrees for _, verdict, tally in found):
        raise SystemExit(1)


@records.command("backup")
def backup_command(file: Annotated[Path, typer.Argument(metavar="FILE", help="File to write.")]) -> None:
    """Write the whole database into one file, while the server runs. It holds personal data: keep it safe."""

    async def work(house: House) -> int:
        return await backup(house.database, file, now=house.now)

    count = in_house(work)
    typer.echo(f"{file}: {count:,} rows, {file.stat().st_size:,} bytes", err=True)


@records.command("restore")
def restore_command(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="File that `yingbin backup` wrote.")],
) -> None:
    """Put a backup into an empty database, of either kind. Stop the server first."""

    async def work(house: House) -> int:
        return await restore(house.database, file)

    typer.echo(f"{file}: {in_house(work):,} rows restored", err=True)
