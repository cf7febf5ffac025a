"""The three languages of the door's words side by side, so that they are changed together.

`Said` is one string in all of them. Called by the modules of words, which `checkin.wording` gathers.
The Hong Kong wording is written, not converted.
"""

from events.core.i18n import Language

Said = dict[Language, str]


def said(zh_hans: str, zh_hant: str, en: str) -> Said:
    """One string in every language."""
    return {Language.ZH_HANS: zh_hans, Language.ZH_HANT: zh_hant, Language.EN: en}
