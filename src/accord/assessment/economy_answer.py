"""An answer for the whole economy: the world table, the change, the result, what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from accord.assessment.assess import assess_named
from accord.assessment.assessment import Answer
from accord.assessment.economy_wide import BothEngines, both_engines
from accord.economy.baseline import Array, Deficits
from accord.economy.from_deal import UNITS, NotModelled
from accord.economy.models import DEFAULT, DEFICITS, Question, answered, refuse_unknown
from accord.economy.result import Counterfactual
from accord.economy.scenario import Duty, read_duties, shock_of_duties
from accord.economy.world import WorldTable
from accord.errors import Fault, InputError

BEYOND = (
    NotModelled("changes over time", "two states are compared, with nothing between them"),
    NotModelled("unemployment", "all who work find work at the new wage"),
    NotModelled("answers of other countries", "nobody else changes a duty"),
)


@dataclass(frozen=True)
class EconomyAnswer:
    """What a change of trade policy does to every region of a world table.

    ``title``    what changes;  ``model`` its name (``models.MODELS``)
    ``table``    the world table before the change, as given;  ``result`` the certified answer
    ``duties``   as asked for, where there is no deal;  ``both`` the deal by both engines
    ``regions``  those that the change is about, most of all
    """

    title: str
    model: str
    table: WorldTable
    result: Counterfactual
    duties: tuple[Duty, ...]
    both: BothEngines | None
    regions: tuple[str, ...]

    @property
    def spending(self) -> Array:
        """(N,) final spending before, in the table's unit."""
        return self.table.final_demand.sum(axis=1)

    @property
    def gain(self) -> Array:
        """(N,) change of real income at the final spending of the table, in its unit.

        A model of one sector without inputs counts all sales as income, so its own is not taken.
        """
        return (self.result.welfare - 1.0) * self.spending

    @property
    def world_percent(self) -> float:
        """Sum of the gains over the world's income, per cent."""
        return float(100.0 * self.gain.sum() / self.spending.sum())

    @property
    def usd(self) -> float:
        """How many dollars one of the table's unit is."""
        return UNITS[self.table.unit]

    @property
    def notes(self) -> tuple[str, ...]:
        """How the change was put to the model."""
        shock = () if self.both is None else self.both.shock.notes
        return (*shock, *self.result.notes)

    @property
    def not_modelled(self) -> tuple[NotModelled, ...]:
        """What the answer leaves out, and why."""
        own = (
            tuple(NotModelled(*x) for x in self.table.not_modelled)
            if self.both is None
            else self.both.not_modelled
        )
        return (*own, *BEYOND)


def of_duties(
    texts: Sequence[str],
    table: WorldTable,
    model: str = DEFAULT,
    deficits: Deficits = "additive",
) -> EconomyAnswer:
    """Return the answer to duties as written (see ``scenario``), on top of what there is.

    Raises ``InputError`` and ``NoCertifiedAnswer``.
    """
    refuse_unknown(model)
    duties = read_duties(texts, table)
    if not duties:
        fix = "name a deal, or write --duty USA:CHN:*=10%"
        raise InputError([Fault("command line", "no deal and no --duty", "one of them", fix)])
    tariff = shock_of_duties(duties, table).tariff
    changed = np.zeros_like(table.tariff) if tariff is None else tariff
    result = answered(Question(table, changed, None, deficits), model)
    named = dict.fromkeys(code for d in duties for code in (d.importer, d.exporter))
    title = "; ".join(_said(duty) for duty in duties)
    regions = tuple(code for code in named if code in table.regions)
    return EconomyAnswer(title, model, table, result, duties, None, regions)


def of_deal(answer: Answer, table: WorldTable, model: str = DEFAULT) -> EconomyAnswer:
    """Return a deal's answer by both engines. Raises as ``both_engines``."""
    refuse_unknown(model)
    both = both_engines(answer, table, model)
    codes = [table.region_of(code) for code in both.answer.parties]
    regions = tuple(dict.fromkeys(code for code in codes if code is not None))
    deal = both.answer.deal
    title = deal.title if deal.variant is None else f"{deal.title} · {deal.variant}"
    return EconomyAnswer(title, model, both.table, both.result, (), both, regions)


def _said(duty: Duty) -> str:
    rate = f"{100.0 * duty.rate:g} %"
    goods = "everything" if duty.sector == "*" else duty.sector
    of = "all others" if duty.exporter == "*" else duty.exporter
    by = "everybody" if duty.importer == "*" else duty.importer
    word = "more" if duty.rate >= 0.0 else "less"
    return f"{by} charges {rate.lstrip('-')} {word} on {goods} from {of}"


def ask(  # noqa: PLR0913 - what may be said of one question
    deal: str | None,
    duties: Sequence[str],
    table: WorldTable,
    *,
    model: str = DEFAULT,
    deficits: str = "additive",
    as_of: date | None = None,
) -> EconomyAnswer:
    """Return the answer to a deal, by reference, or else to duties. Raises as ``of_deal``."""
    if deal is not None:
        refuse_unknown(model)
        return of_deal(assess_named(deal, as_of=as_of), table, model)
    closing = DEFICITS[DEFICITS.index(deficits)]
    return of_duties(duties, table, model, closing)
