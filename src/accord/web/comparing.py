"""Asks for the figures of every position that is compared, and sets them side by side."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from accord.web.answers import Answers
from accord.web.comparison import Column, comparison_of
from accord.web.comparison_view import comparison_view
from accord.web.figures import Figures, read_figures
from accord.web.latest import Latest
from accord.web.library import Asked
from accord.web.pins import FILED, LETTERS, NOW, Pins
from accord.web.position import Position
from accord.web.view import View
from accord.web.workers import WorkerLost

REMEMBERED = 60
"""Positions whose figures are kept as they were read, some 100 kB each."""
PATIENCE = 4.0
"""Seconds that a page waits for its comparison: to open another variant takes longer."""


class Comparing:
    """Comparisons of positions; ``text_of`` finds a deal edited in the page by its digest."""

    def __init__(self, answers: Answers, text_of: Callable[[str], str | None]) -> None:
        self._answers = answers
        self._text_of = text_of
        self._known: Latest[str, Figures] = Latest(REMEMBERED)
        self._waited: set[asyncio.Task[View]] = set()

    async def soon(self, now: Position, pins: Pins) -> View | None:
        """Return what ``view`` does if that takes little time; else ``None``, and it goes on."""
        task = asyncio.ensure_future(self.view(now, pins))
        self._waited.add(task)
        task.add_done_callback(self._done)
        done, _ = await asyncio.wait([task], timeout=PATIENCE)
        return task.result() if done else None

    async def view(self, now: Position, pins: Pins, reader: str = "", number: int = 0) -> View:
        """Return a position beside those kept and the deal as filed.

        ``reader``, ``number``  who asks, and for which of their moves. Raises ``Superseded`` where
        they have moved on.
        """
        filed = Position(edited=now.edited)
        others = await asyncio.gather(*(self._figures(x) for x in (filed, *pins.kept)))
        here = await self._figures(now, reader, number)
        return await asyncio.to_thread(_view, (filed, *pins.kept, now), (*others, here), pins)

    def _done(self, task: asyncio.Task[View]) -> None:
        self._waited.discard(task)
        if not task.cancelled():
            task.exception()  # told to whoever still waits

    async def _figures(self, at: Position, reader: str = "", number: int = 0) -> Figures:
        text = self._text_of(at.edited) if at.edited else ""
        if text is None:
            return read_figures(_gone(at))
        known = self._known.get(at.query)
        if known is None:
            asked = Asked("figures", at, text)
            try:
                known = read_figures(json.loads(await self._answers.get(asked, reader, number)))
            except WorkerLost as error:
                return read_figures(_refused(at, str(error), "try again"))
            self._known.put(at.query, known)
        return known


def _view(positions: Sequence[Position], figures: Sequence[Figures], pins: Pins) -> View:
    keys = (FILED, *LETTERS[: len(pins.kept)], NOW)
    filed, *kept, now = (
        Column(key, at.query, found)
        for key, at, found in zip(keys, positions, figures, strict=True)
    )
    return comparison_view(comparison_of(now, filed, kept, pins)) | {"query": now.query}


def _gone(at: Position) -> View:
    why = "the deal that was edited is no longer in the memory of this server"
    return _refused(at, why, "paste it into the page again")


def _refused(at: Position, cause: str, remedy: str) -> View:
    here = replace(at, edited="").query
    name = " · ".join(x for x in ("an edited deal" if at.edited else "", here) if x)
    return {"ok": False, "faults": [], "cause": cause, "remedy": remedy, "query": at.query,
            "name": name or "the deal as filed"}  # fmt: skip
