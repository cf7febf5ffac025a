"""A hand-held scanner, which types what it read faster than any person, and the screen that answers it."""

from playwright.async_api import Locator, Page

_TYPE = """
([code, isComposing]) => {
  for (const symbol of [...code, 'Enter']) {
    const place = symbol === 'Enter' ? symbol : (/\\d/.test(symbol) ? 'Digit' : 'Key') + symbol
    const key = isComposing ? 'Process' : symbol
    const press = new KeyboardEvent('keydown', { key, code: place, bubbles: true, cancelable: true })
    const isFree = document.activeElement.dispatchEvent(press)
    if (isFree && symbol !== 'Enter') document.execCommand('insertText', false, symbol)
  }
}
"""


async def scan(page: Page, code: str, *, input_method: bool = False) -> None:
    """Types a code and Enter; `input_method`: while a Chinese one takes all keys for itself.

    Keys sent one by one would come too slowly from a busy machine, and the door would take them for a person's.
    """
    await page.evaluate(_TYPE, [code, input_method])


def verdict(page: Page, word: str) -> Locator:
    """The verdict over the whole screen, if it says `word`."""
    return page.get_by_role("group", name=word, exact=True)


async def answered(page: Page, word: str, name: str) -> None:
    """Returns once the screen says `word` of `name`: looked for together, since green stays for a moment only."""
    await verdict(page, word).filter(has_text=name).wait_for()
