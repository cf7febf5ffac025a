"""Asks axe-core what on a page would lock somebody out: WCAG 2.1 A and AA, and its best practices.

npm brings it with the page's own modules (`static/package.json`); it goes into no wheel.
"""

from functools import cache
from pathlib import Path

from playwright.async_api import Page

SOURCE = Path(__file__).parents[2] / "static" / "node_modules" / "axe-core" / "axe.min.js"
_RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}
_ASK = """async (rules) => {
  const still = new CSSStyleSheet()
  still.replaceSync('* { animation: none !important; transition: none !important }')
  document.adoptedStyleSheets = [still]
  const { violations } = await axe.run({ runOnly: rules, resultTypes: ['violations'] })
  return violations.flatMap(({ id, help, nodes }) => nodes.map(({ target }) => `${id}: ${help} (${target.join(' ')})`))
}"""


async def violations(page: Page) -> list[str]:
    """One line for each element that breaks a rule, on the page as it stands when nothing moves any more.

    Evaluated and not added as a script, so that the policy of the page needs no exception.
    """
    if not await page.evaluate("() => 'axe' in window"):
        await page.evaluate(_source())
    return await page.evaluate(_ASK, _RULES)


@cache
def _source() -> str:
    if not SOURCE.exists():
        raise FileNotFoundError(f"{SOURCE} is missing: npm ci --ignore-scripts in static/ brings it")
    return f"() => {{ {SOURCE.read_text('utf-8')} }}"
