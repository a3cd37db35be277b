"""Deals that the page may be asked about: the one served, under every variant and day, and edits.

An edited file never touches the disk for longer than it takes to read, and may not name folders.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from accord import deal as deals
from accord.assessment import Assessment
from accord.assessment.assess import assess
from accord.assessment.check import faults_of
from accord.assessment.reference import DealReference
from accord.claims import words_of
from accord.deal import Deal
from accord.deal.loader import read
from accord.errors import Fault, InputError, NoCertifiedAnswer
from accord.instruments.fields import is_path
from accord.web.desk import Desk, checked
from accord.web.draws import PARTS, Found
from accord.web.figures import figures_of, names
from accord.web.ground import Scenario
from accord.web.latest import Latest
from accord.web.moved import values_of
from accord.web.part_views import Parts, of_market
from accord.web.position import Position
from accord.web.reports import DEAL_FILE, REPORTS, deal_file_of, report_of
from accord.web.sections import claims_of, more_of, years_of
from accord.web.view import View, certificate, fault_of, refusal_of, setting_of, view_of
from accord.web.whole import Whole, WholeAnswers

DESKS, DEALS = 6, 6
"""How many scenarios and edited deals a process keeps ready."""
SLOW = frozenset({"more", "claims", "years", *REPORTS})
"""Kinds of questions that take seconds and whose answers are large: a moved slider never waits for
one, and they are not kept."""
WHOLE = SLOW | {DEAL_FILE}


class OthersLost(RuntimeError):
    """A process that has other draws has died."""


@dataclass(frozen=True)
class Asked:
    """A question for a process that answers: a position, and the text of an edited deal if one.

    ``kind``  ``view``: what sliders move; ``page``: all of it; ``check``: the certificate with
    welfare computed twice; ``deal``: what is wrong with ``text``; ``figures``: its numbers in every
    draw, to be compared; ``more``, ``claims`` and ``years``: the rest of the report;
    ``report.html`` and its like, ``deal.toml``: a file
    """

    kind: str
    position: Position
    text: str = ""


class Library:
    """Answers questions; what was prepared once is kept."""

    def __init__(self, served: DealReference) -> None:
        self._served = served
        self._text = served.path.read_text("utf-8-sig")
        self._own = _read(served.path)
        self._deals: Latest[str, Deal] = Latest(DEALS)
        self._desks: Latest[tuple[str, str | None, date], Desk] = Latest(DESKS)
        self._wholes = WholeAnswers()
        self._part_views = Parts()
        self._used: Desk | None = None
        self._parts: Sequence[slice] = PARTS
        self._others: Callable[[Asked], Callable[[], list[Found]]] | None = None

    def answer(self, asked: Asked) -> bytes:
        """Return the answer as JSON, a refusal where there is none."""
        try:
            found = self._answer(asked)
        except (InputError, NoCertifiedAnswer) as error:
            at = asked.position
            # Sliders stay where they are: the way out begins there.
            found = refusal_of(error) | {"query": at.query, "values": dict(at.moved)}
            if asked.kind == "page":
                found["setting"] = self._setting(asked)
            if asked.kind == "figures":
                found |= self._names(asked)
        return json.dumps(found, ensure_ascii=False, allow_nan=False).encode()

    def prepare(self, asked: Asked) -> None:
        """Answer a question so that all it needs is there. Raises what ``answer`` puts in words."""
        self._answer(asked)

    def _answer(self, asked: Asked) -> View:
        if asked.kind == "deal":
            return self._faults(asked.text)
        desk = self._desk(asked)
        if asked.kind == "figures":
            return figures_of(desk.solve(asked.position))
        values = values_of(desk.scenario.dials, asked.position.moved)
        here = asked.position.with_moved(values)
        if asked.kind in WHOLE:
            return self._of_whole(asked, desk, values) | {"ok": True, "query": here.query}
        # What moves another part of the deal leaves the market where it is.
        market = here.with_moved(of_market(desk.scenario, values))
        if asked.kind == "check":
            check = desk.check(market)
            return {"ok": True, "query": here.query, "certificate": certificate(check)}
        solved = desk.solve(market)
        view = view_of(solved) | self._part_views.around(desk.scenario, here, values)
        if asked.kind == "page":
            view["certificate"] = certificate(checked(solved.answer.effects))
            view["setting"] = setting_of(desk.scenario, asked.position, self._text_of(asked))
        return view

    def _of_whole(self, asked: Asked, desk: Desk, values: dict[str, float]) -> View:
        """Return what takes the whole answer of a position: more of the page, or a file."""
        at, text = asked.position.with_moved(values), self._text_of(asked)
        name = f"{at.edited} {desk.scenario.deal.active} {desk.scenario.answer.as_of} {at.query}"
        whole = Whole(name, desk.scenario, values, self._served.path, text, self._beside)
        if asked.kind == DEAL_FILE:
            return deal_file_of(whole)
        if asked.kind == "years":
            return years_of(self._wholes, whole)
        if asked.kind in REPORTS:
            return report_of(self._wholes, whole, asked.kind)
        with self._wholes.open(whole) as a:
            return more_of(a) if asked.kind == "more" else claims_of(a)

    def _setting(self, asked: Asked) -> View | None:
        """Return what stands around the answer where the position itself has none."""
        home = Position(asked.position.variant, asked.position.as_of, asked.position.edited)
        try:
            desk = self._desk(Asked("page", home, asked.text))
        except (InputError, NoCertifiedAnswer):
            return None
        return setting_of(desk.scenario, asked.position, self._text_of(asked))

    def _names(self, asked: Asked) -> dict[str, str]:
        """Return what a position without an answer is called, as well as can be told."""
        at = asked.position
        try:
            scenario = self._desk(replace(asked, position=at.scenario)).scenario
        except (InputError, NoCertifiedAnswer):
            return names(at, at.variant, date.min, {}, "")
        deal, about = scenario.deal, scenario.answer.focus.good
        return names(at, deal.active, deal.as_of, scenario.dials, about)

    def _text_of(self, asked: Asked) -> str:
        return asked.text if asked.position.edited else self._text

    # ------------------------------------------------------------------ desks

    def _desk(self, asked: Asked) -> Desk:
        key, deal = self._chosen(asked)
        desk = self._desks.get(key)
        if desk is None:
            desk = self._put(asked, key, _scenario(deal, key[2]))
        if self._used is not None and desk is not self._used:
            # Of what weighs most, one scenario has all that there is room for.
            self._used.draws.forget_slopes()
        self._used = desk
        return desk

    def _chosen(self, asked: Asked) -> tuple[tuple[str, str | None, date], Deal]:
        at = asked.position
        deal = self._edited(at.edited, asked.text) if at.edited else self._own
        chosen = deal.variant(at.variant or (None if at.edited else self._served.variant))
        day = at.as_of or (None if at.edited else self._served.as_of) or chosen.as_of
        return (at.edited, chosen.active, day), chosen

    def _put(self, asked: Asked, key: tuple[str, str | None, date], scenario: Scenario) -> Desk:
        desk = Desk(scenario)
        self._desks.put(key, desk)
        self._restrict(desk, asked.text)
        return desk

    # ------------------------------------------------------------------ several processes

    def share(
        self,
        parts: Sequence[slice],
        others: Callable[[Asked], Callable[[], list[Found]]] | None,
    ) -> None:
        """Keep to some of the draws.

        ``others``  has other processes begin with a question of kind ``part``; what that returns
        waits for what they find, and raises ``OthersLost``. ``None`` where nobody asks this one for
        an answer.
        """
        self._parts, self._others = parts, others
        for desk in self._desks.values():
            self._restrict(desk, "")

    def _restrict(self, desk: Desk, text: str) -> None:
        desk.draws.keep(self._parts)
        others = self._others
        if others is None:
            return

        def begin(position: Position) -> Callable[[], list[Found]]:
            return others(Asked("part", position, text))

        desk.others = begin

    def part(self, asked: Asked) -> Found | None:
        """Return what the draws of this process say; ``None`` where the position is refused."""
        try:
            return self._desk(asked).part(asked.position)
        except (InputError, NoCertifiedAnswer):
            return None

    def scenario(self, asked: Asked) -> Scenario | None:
        """Return what a desk needs, for another process; ``None`` where it is refused."""
        try:
            return self._desk(asked).scenario
        except (InputError, NoCertifiedAnswer):
            return None

    def give(self, asked: Asked, scenario: Scenario) -> None:
        """Take a scenario that another process has prepared."""
        key, _ = self._chosen(asked)
        if self._desks.get(key) is None:
            self._put(asked, key, scenario)

    def _edited(self, digest: str, text: str) -> Deal:
        deal = self._deals.get(digest)
        if deal is None:
            with tempfile.TemporaryDirectory() as folder:
                deal = _read(self._beside(Path(folder), text))
            self._deals.put(digest, deal)
        return deal

    def _faults(self, text: str) -> View:
        with tempfile.TemporaryDirectory() as folder:
            path = self._beside(Path(folder), text)
            faults = _all_faults(path)
        return {"ok": not faults, "faults": [fault_of(x) for x in faults]}

    def _beside(self, folder: Path, text: str) -> Path:
        """Write an edited deal where its own tables of facts and words are found beside it."""
        name = self._served.path
        for own in name.parent.glob(f"{name.stem}.*.csv"):
            shutil.copy(own, folder / own.name)
        path = folder / name.name
        path.write_text(text, "utf-8", newline="\n")
        return path


def _read(path: Path) -> Deal:
    return deals.load(path, words_of(path))


def _all_faults(path: Path) -> tuple[Fault, ...]:
    """Return every fault of an edited deal, first that it names a folder of this machine."""
    deal, faults = read(path)
    named = () if deal is None else tuple(name for name in deal.packs if is_path(name))
    if named:
        fix = "serve the file itself to use a pack of its own"
        return (Fault(path.name, named[0], "a pack that ships, in the page", fix, field="packs"),)
    return faults or faults_of(path)


def _scenario(deal: Deal, day: date) -> Scenario:
    answer = assess(deal, variant=deal.active, as_of=day) if deal.has_market else None
    pack = None if answer is None else answer.scene.pack
    if not isinstance(answer, Assessment) or pack is None:
        found = f"{deal.slug}, which has no term about a market"
        fix = "run `accord report` for a page of its other parts"
        raise InputError([Fault(deal.file, found, "a deal about a market: sliders move it", fix)])
    return Scenario(deal, pack, answer)
