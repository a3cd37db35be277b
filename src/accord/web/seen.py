"""The effects that the page shows: few of the thousands there are, so that they come quickly."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from accord.assessment import Assessment
from accord.assessment.focus import Focus
from accord.effects import Accounts, Effects, accounts_of
from accord.effects.measures import WORLD, Row
from accord.report.main_results import results

Key = tuple[str, str, str | None]


class Seen(Effects):
    """Effects whose ``rows`` are those that the page shows; every other is there when asked for."""

    keys: tuple[Key, ...] = ()
    without: Accounts | None = None

    @classmethod
    def of(cls, effects: Effects, without: Accounts, keys: tuple[Key, ...]) -> Seen:
        """Return the effects with the rows of some keys; the accounts ``without`` are known."""
        seen = cls(effects.before, effects.after)
        object.__setattr__(seen, "keys", keys)
        object.__setattr__(seen, "without", without)
        return seen

    @cached_property
    def accounts(self) -> tuple[Accounts, Accounts]:
        """The accounts before, which no slider of a term moves, and after."""
        return self.without or accounts_of(self.before), accounts_of(self.after)

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """The rows of the page, those of one measure together."""
        found = (self.row(*key) for key in self.keys)
        return tuple(row for row in found if row is not None)


def keys_seen(a: Assessment) -> tuple[Key, ...]:
    """Return the effects that the page shows of an answer, those of one measure together."""
    keys = [*_main(a), *_flows(a, a.focus), *_gains(a)]
    return tuple(sorted(dict.fromkeys(keys), key=lambda key: key[0]))


def _main(a: Assessment) -> Iterator[Key]:
    goods = (*(good.code for good in a.effects.before.market.goods), None)
    for result in results(a):
        for good in goods if result.good is None else (result.good,):
            yield result.measure, result.region, good


def _flows(a: Assessment, focus: Focus) -> Iterator[Key]:
    for lane in a.effects.after.market.lanes:
        ends = lane.destination == focus.importer or lane.origin == focus.exporter
        if lane.good == focus.good and ends:
            yield "flow", f"{lane.origin}>{lane.destination}", lane.good


def _gains(a: Assessment) -> Iterator[Key]:
    for region in (*a.effects.before.universe.regions, WORLD):
        yield "welfare", region, None
