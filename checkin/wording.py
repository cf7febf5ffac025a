"""Every sentence of the door page in its three languages.

`words` is called by the door page, which hands them to its template and, as JSON, to its script; `kiosk_words` by the
kiosk's page.
"""

from checkin.door_words import CAMERA, CONNECTION, PAGE, RECENT, SEARCH
from checkin.kiosk_words import KIOSK
from checkin.selftest_words import SELF_TEST
from checkin.station_words import DUTY, PARTY, REHEARSAL, STATES, WALK_IN
from checkin.tongues import Said
from checkin.verdict_words import DETAILS, VERDICTS
from events.core.i18n import Language

WORDS: dict[str, Said] = (
    PAGE | CONNECTION | CAMERA | SEARCH | RECENT | VERDICTS | DETAILS | DUTY | PARTY | WALK_IN | STATES
    | REHEARSAL | SELF_TEST
)  # fmt: skip


def words(language: Language) -> dict[str, str]:
    """All door strings in `language`, by key."""
    return {key: said[language] for key, said in WORDS.items()}


def kiosk_words(language: Language) -> dict[str, str]:
    """All strings of the kiosk in `language`, by key; those of its PIN pad and camera are the door's."""
    shared = {key: WORDS[key][language] for key in WORDS if key.startswith(("pin", "camera_"))}
    return shared | {key: said[language] for key, said in KIOSK.items()}
