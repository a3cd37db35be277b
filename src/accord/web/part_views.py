"""What a deal offers beside the market, at a glance: each part's headline and main numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from accord.assessment import parts as domains
from accord.assessment.part import Part
from accord.errors import InputError
from accord.pack import Pack
from accord.report import html
from accord.report.html import Section
from accord.report.offers import one_offer
from accord.web.ground import Scenario
from accord.web.latest import Latest
from accord.web.moved import fixed_of, moved_deal
from accord.web.position import Position
from accord.web.words import moved_in_words

View = dict[str, Any]
OF_THE_MARKET = frozenset({"project"})
"""Parts that take prices from the market with the deal in it, and so move with its sliders."""
KEPT = 20
"""Parts that a process keeps: while one stays moved, the market's sliders move too."""
LATER = '<p class="note old-said">Being worked out for this position.</p>'


def part_views(parts: Iterable[Part]) -> list[View]:
    """Return parts as the page shows them at a glance."""
    return [_view(part, known=True) for part in parts]


def _view(part: Part, *, known: bool) -> View:
    """Return a part at a glance; its title alone where it is not known at this position."""
    name = f"offer-{part.id}"
    pieces = (LATER,)
    if known:
        block = () if part.summary is None else html.tables(one_offer(part.summary))
        pieces = (html.paragraph(part.headline, "lead"), *block)
    section = Section(f"{part.title}, at a glance", part.title, pieces, name)
    return {
        "name": name,
        "short": part.title,
        "known": known,
        "headline": part.headline if known else "",
        "html": section.html,
    }


def of_market(scenario: Scenario, values: Mapping[str, float]) -> dict[str, float]:
    """Return the values that the market's answer depends on."""
    return {key: value for key, value in values.items() if not scenario.dials[key].part}


class Parts:
    """The parts of a deal where some of their numbers were moved; those answered last are kept."""

    def __init__(self) -> None:
        self._kept: Latest[tuple[object, ...], Part] = Latest(KEPT)

    def around(self, scenario: Scenario, here: Position, values: Mapping[str, float]) -> View:
        """Return what a view says of all sliders, those of the market and of the other parts."""
        return {
            "query": here.query,
            "values": dict(values),
            "moved": moved_in_words(scenario.dials, values),
            "parts": self.at(scenario, values),
        }

    def at(self, scenario: Scenario, values: Mapping[str, float]) -> list[View]:
        """Return the parts that are known of a position without its whole answer.

        A part whose own numbers were moved is answered anew; one that nothing moves is as in the
        deal; one that only the market moves is not known, for it comes with the whole answer.
        Raises ``InputError`` and ``NoCertifiedAnswer`` where a part has no answer.
        """
        moved = {scenario.dials[key].part for key in values}
        found: list[View] = []
        for part in scenario.answer.parts:
            if part.id in moved:
                found.append(_view(self._answered(part.id, scenario, values), known=True))
            else:
                known = part.id not in OF_THE_MARKET or "" not in moved
                found.append(_view(part, known=known))
        return found

    def _answered(self, name: str, scenario: Scenario, values: Mapping[str, float]) -> Part:
        """Return one part of the deal as moved, by whatever moves it."""
        deal, dials = scenario.deal, scenario.dials
        ours = {name, ""} if name in OF_THE_MARKET else {name}
        own = {key: value for key, value in values.items() if dials[key].part in ours}
        of = (deal.digest, deal.active, scenario.answer.as_of, name, *sorted(own.items()))
        part = self._kept.get(of)
        if part is None:
            part = _answered(name, scenario, own)
            self._kept.put(of, part)
        return part


def _answered(name: str, scenario: Scenario, values: Mapping[str, float]) -> Part:
    """Return one part of the deal as moved, in the market as it is then."""
    lane, day = scenario.answer.focus.lane, scenario.answer.as_of
    deal = moved_deal(scenario.deal, scenario.dials, values, lane)
    faults = [*domains.faults_in(name, deal, day)]
    if faults:
        raise InputError(faults)
    return domains.answer(name, deal, day, fixed_pack(scenario, values))


def fixed_pack(scenario: Scenario, values: Mapping[str, float]) -> Pack:
    """Return the pack with the uncertain numbers that are fixed at their values."""
    fixed = fixed_of(scenario.dials, values)
    year = scenario.pack.default_year(scenario.answer.as_of)
    return scenario.pack.with_fixed(fixed, year) if fixed else scenario.pack
