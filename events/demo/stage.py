"""The stage's part of `yingbin demo`: rounds are planned before doors open, and conducted when everybody is in.

Somebody is replaced ten minutes before signing, one round is put off; the record must say what was done.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from events.demo.ceremony import Ceremony, with_ids

_FORWARD = ("ready", "call", "stage", "sign", "exchange", "close")
_UNSIGNED = ("ready", "call", "stage", "close")


@dataclass(slots=True)
class Stage:
    """What happens on the stage. `rounds` as the API gave them, `ended` how each of them ended."""

    client: httpx.AsyncClient
    api: str
    ceremony: Ceremony
    rounds: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    ended: Counter[str] = field(default_factory=Counter[str])
    replaced: int = 0

    async def plan(self, guests: Sequence[Mapping[str, Any]]) -> None:
        """Enters every round whose people are all on the guest list."""
        ids = {guest["name"]: guest["id"] for guest in guests}
        segments = (await self._get("segments"))["segments"]
        for each in self.ceremony.rounds:
            if {part["guest"] for part in each["participants"]} <= ids.keys():
                place = segments[int(each["segment"]) - 1]["id"]
                self.rounds.append(await self._post(f"segments/{place}/rounds", with_ids(each, ids)))

    def people(self) -> set[str]:
        """The ids of everybody on the stage who comes: not who is replaced, not who puts a round off."""
        away = {self.ceremony.substitution.original, self.ceremony.postponement.guest}
        named = [part["guest"] for each in self.rounds for part in each["participants"]]
        return {guest["id"] for guest in named if guest["name"] not in away}

    def away(self) -> set[str]:
        """The ids of who does not come although a round needs them."""
        named = {part["guest"]["id"] for each in self.rounds for part in each["participants"]}
        return named - self.people()

    async def conduct(self, guests: Sequence[Mapping[str, Any]], advance: Callable[[], None]) -> None:
        """All rounds in their order, each press as a stage manager makes it."""
        ids = {guest["name"]: guest["id"] for guest in guests}
        for each in self.rounds:
            names = {part["guest"]["name"] for part in each["participants"]}
            if self.ceremony.postponement.guest in names:
                await self._act(each, "postpone", {"reason": self.ceremony.postponement.reason})
            else:
                await self._held(each, names, ids)
            advance()

    async def _held(self, each: dict[str, Any], names: set[str], ids: Mapping[str, str]) -> None:
        await self._act(each, "ready")
        if self.ceremony.substitution.original in names and self.ceremony.substitution.substitute in ids:
            await self._replace(each, ids)
        readiness = await self._get(f"rounds/{each['id']}/readiness")
        if readiness["present"] != readiness["needed"]:
            raise ValueError(f"round {each['id']}: {readiness['present']} of {readiness['needed']} in the house")
        for act in (_FORWARD if each["kind"] == "signing" else _UNSIGNED)[1:]:
            await self._act(each, act)

    async def _replace(self, each: dict[str, Any], ids: Mapping[str, str]) -> None:
        told = self.ceremony.substitution
        part = next(part["id"] for part in each["participants"] if part["guest"]["name"] == told.original)
        words = {"authority": told.authority, "reason": told.reason}
        body = {"participant": part, "guest_id": ids[told.substitute], **words}
        await self._post(f"rounds/{each['id']}/substitute", body)
        self.replaced += 1

    async def _act(self, each: dict[str, Any], act: str, body: Mapping[str, Any] | None = None) -> None:
        answer = await self._post(f"rounds/{each['id']}/{act}", {"where": "主台", **(body or {})})
        if answer["state"] in {"closed", "postponed"}:
            self.ended[answer["state"]] += 1

    async def _get(self, path: str) -> dict[str, Any]:
        return dict((await self.client.get(f"{self.api}/{path}")).raise_for_status().json())

    async def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        return dict((await self.client.post(f"{self.api}/{path}", json=body)).raise_for_status().json())
