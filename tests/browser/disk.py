"""What a device has on its disk, looked up beside the page that wrote it there."""

import anyio
from playwright.async_api import Page

from events.models import Event, Guest

_WITHIN_S = 60


async def holding_guests(page: Page, event: Event) -> None:
    """Returns once the device has kept the guest list.

    It asks again and again from here: `wait_for_function` takes the promise of an answer for a yes.
    """
    with anyio.fail_after(_WITHIN_S):
        while not await records(page, event, "meta", key="manifest"):
            await anyio.sleep(0.1)


async def knowing(page: Page, event: Event, guest: Guest) -> None:
    """Returns once the device's guest list has the guest."""
    with anyio.fail_after(_WITHIN_S):
        while not await page.evaluate(_LISTS, [f"yingbin.door.{event.id}", str(guest.id)]):
            await anyio.sleep(0.1)


async def records(page: Page, event: Event, store: str, *, key: str | None = None) -> int:
    """How many records a store of the device holds, or whether it holds the one with this key."""
    return await page.evaluate(_COUNT, [f"yingbin.door.{event.id}", store, key])


_LISTS = """
([name, id]) => new Promise((resolve) => {
  const opening = indexedDB.open(name)
  opening.onupgradeneeded = () => opening.transaction.abort()
  opening.onerror = () => resolve(false)
  opening.onsuccess = () => {
    const database = opening.result
    const chunks = database.transaction('guests').objectStore('guests').getAll()
    chunks.onsuccess = () => {
      database.close()
      resolve(chunks.result.some((chunk) => chunk.includes(id)))
    }
  }
})
"""
_COUNT = """
([name, store, key]) => new Promise((resolve) => {
  const opening = indexedDB.open(name)
  // Only the page makes its database: one that was made here would have no stores.
  opening.onupgradeneeded = () => opening.transaction.abort()
  opening.onerror = () => resolve(0)
  opening.onsuccess = () => {
    const database = opening.result
    const kept = database.transaction(store).objectStore(store)
    const counted = key === null ? kept.count() : kept.count(key)
    counted.onsuccess = () => {
      database.close()
      resolve(counted.result)
    }
  }
})
"""
