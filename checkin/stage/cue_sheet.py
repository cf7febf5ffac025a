"""From cue lines to paper: what of them stands on the sheet, and which of them are marked."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from badges import cuesheet as paper
from checkin.stage.cue_json import notes_on
from checkin.stage.cue_words import NOTES, label
from checkin.stage.cues import CueLine, lines_of
from checkin.stage.introductions import Introduced
from checkin.stage.models import Stage
from checkin.stage.prints import Differences, Print, differences
from checkin.stage.stage_words import ROLES
from events.core.i18n import Language, say_time
from events.models import Event, SegmentId


def sheet_of(
    stage: Stage, event: Event, language: Language, *, segment_id: SegmentId | None, since: Print | None
) -> paper.CueSheet:
    """The sheet of a segment, or of the whole programme, with marks of what differs from the print `since`."""
    lines = lines_of(stage, event, language, segment_id=segment_id)
    found = differences(since, lines, segment_id=segment_id) if since else Differences()
    by_segment = groupby(lines, key=lambda line: line.segment_id)
    return paper.CueSheet(
        event=event.title.said_in(language),
        sections=[_section(stage, event, list(own), found, language) for _, own in by_segment],
        printed_at=stage.at,
        zone=event.zone,
        language=language.value,
        since=since.at if since else None,
        gone=found.gone,
    )


def _section(
    stage: Stage, event: Event, lines: Sequence[CueLine], found: Differences, language: Language
) -> paper.Section:
    segment = stage.segment(lines[0].segment_id)
    begins, ends = (say_time(each, event.zone, language) for each in (segment.starts_at, segment.ends_at))
    by_round = groupby(lines, key=lambda line: line.round_id)
    return paper.Section(
        title=lines[0].segment,
        time=f"{begins}–{ends}",
        place=segment.place.said_in(language),
        groups=[_group(event, list(own), found, language) for _, own in by_round],
    )


def _group(event: Event, lines: Sequence[CueLine], found: Differences, language: Language) -> paper.Group:
    first = lines[0]
    in_round = first.round_id is not None
    return paper.Group(
        number=label(NOTES, "round", language, number=first.number) if in_round else "",
        title=first.title,
        time=say_time(first.at, event.zone, language) if in_round and first.at else "",
        cues=[_cue(line, found, language) for line in lines],
    )


def _cue(line: CueLine, found: Differences, language: Language) -> paper.Cue:
    return paper.Cue(
        label=line.label,
        sentence=line.sentence,
        script=line.script,
        whole=[
            name for each in line.people for name in (f"{each.name}{each.honorific}", f"{each.honorific} {each.name}")
        ],
        people=_named(line.people, language),
        mark=_mark(line.key, found),
        is_read=line.kind.is_spoken,
    )


def _mark(key: str, found: Differences) -> paper.Mark:
    if key in found.new:
        return paper.Mark.NEW
    return paper.Mark.CHANGED if key in found.changed else paper.Mark.NONE


def _named(people: Iterable[Introduced], language: Language) -> list[paper.Named]:
    return [
        paper.Named(
            role=ROLES[each.role][language],
            name=each.name,
            second=each.second,
            title=each.title,
            reading=each.reading,
            notes=[words for _, words in notes_on(each, language)],
        )
        for each in people
    ]
