"""An answer for the whole economy: the world table, the change, the result, what was left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from accord.assessment.assess import assess_named
from accord.assessment.assessment import Answer
from accord.assessment.economy_wide import BothEngines, both_engines
from accord.economy.baseline import Array
from accord.economy.from_deal import NotModelled
from accord.economy.ignatenko_tariffs import OptimalDuty
from accord.economy.models import OF_2025, Question, Setting, answered, best_duty, exact_hat
from accord.economy.optimal import By, TariffChoice, tariff_war
from accord.economy.result import Counterfactual
from accord.economy.scenario import Duty, read_duties, shock_of_duties
from accord.economy.world import UNITS, WorldTable
from accord.errors import Fault, InputError
from accord.instruments.problem import listed

BEYOND = (
    NotModelled("changes over time", "two states are compared, with nothing between them"),
    NotModelled("unemployment", "all who work find work at the new wage"),
    NotModelled("answers of other countries", "nobody else changes a duty"),
)
_REPLACED = "the players' duties replace those they had; duties of all others stay"


@dataclass(frozen=True)
class EconomyAnswer:
    """What a change of trade policy does to every region of a world table.

    ``title``    what changes;  ``model`` its name (``models.MODELS``)
    ``table``    the world table before the change, as given;  ``result`` the certified answer
    ``regions``  those that the change is about, most of all
    ``duties``   as asked for;  ``both`` a deal by both engines;  ``choice`` duties that are best
                 for players;  ``best`` the best uniform duty of the model of 2025: one of the four
    """

    title: str
    model: str
    table: WorldTable
    result: Counterfactual
    regions: tuple[str, ...]
    duties: tuple[Duty, ...] = ()
    both: BothEngines | None = None
    choice: TariffChoice | None = None
    best: OptimalDuty | None = None

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
    texts: Sequence[str], table: WorldTable, setting: Setting | None = None
) -> EconomyAnswer:
    """Return the answer to duties as written (see ``scenario``), on top of what there is.

    Raises ``InputError`` and ``NoCertifiedAnswer``.
    """
    setting = setting or Setting()
    duties = read_duties(texts, table)
    if not duties:
        fix = "name a deal, or write --duty USA:CHN:*=10%"
        raise InputError([Fault("command line", "no deal and no --duty", "one of them", fix)])
    tariff = shock_of_duties(duties, table).tariff
    changed = np.zeros_like(table.tariff) if tariff is None else tariff
    result = answered(Question(table, changed, None, setting))
    named = dict.fromkeys(code for d in duties for code in (d.importer, d.exporter))
    title = "; ".join(_said(duty) for duty in duties)
    regions = tuple(code for code in named if code in table.regions)
    return EconomyAnswer(title, setting.model, table, result, regions, duties=duties)


def of_deal(answer: Answer, table: WorldTable, setting: Setting | None = None) -> EconomyAnswer:
    """Return a deal's answer by both engines. Raises as ``both_engines``."""
    both = both_engines(answer, table, setting)
    codes = [table.region_of(code) for code in both.answer.parties]
    regions = tuple(dict.fromkeys(code for code in codes if code is not None))
    deal = both.answer.deal
    title = deal.title if deal.variant is None else f"{deal.title} · {deal.variant}"
    return EconomyAnswer(title, both.setting.model, both.table, both.result, regions, both=both)


def of_best(
    players: Sequence[str], table: WorldTable, by: By = "uniform", setting: Setting | None = None
) -> EconomyAnswer:
    """Return the answer to the duties that are best for players, each given the others'.

    One player: the optimal unilateral tariff; several: a Nash equilibrium. Raises ``InputError``
    and ``NoCertifiedAnswer``.
    """
    setting = setting or Setting()
    if setting.model == OF_2025:
        return _best_of_2025(players, table, by, setting)
    model, notes = exact_hat(table, setting.model)
    choice = tariff_war(model, players, by=by, deficits=setting.deficits)
    result = replace(choice.counterfactual, notes=(*choice.counterfactual.notes, *notes, _REPLACED))
    best = "charges the duties that are best for it"
    title = (
        f"{players[0]} {best}, and nobody answers"
        if len(players) == 1
        else f"Tariff war: each of {listed(list(players), 'and')} {best}, given those of the others"
    )
    return EconomyAnswer(title, setting.model, table, result, tuple(players), choice=choice)


def _best_of_2025(
    players: Sequence[str], table: WorldTable, by: By, setting: Setting
) -> EconomyAnswer:
    """Return the best uniform duty of one region. Raises ``InputError`` for any other wish."""
    found: list[Fault] = []
    if len(players) > 1:
        fix = "name one --region, or leave --model out"
        found.append(_fault(f"a war with {OF_2025}", "the duty of one region", fix, "war"))
    if by != "uniform":
        fix = "leave --by out, or --model"
        found.append(_fault(f"--by {by} with {OF_2025}", "uniform: it has one sector", fix, "by"))
    if players[0] not in table.regions:
        fix = "correct it, or name another --table"
        found.append(_fault(players[0], ", ".join(table.regions), fix, "region"))
    if found:
        raise InputError(found)
    best = best_duty(table, players[0], setting)
    title = f"{players[0]} charges the uniform duty that is best for it, and nobody answers"
    return EconomyAnswer(title, setting.model, table, best.answer, (players[0],), best=best)


def _fault(found: str, allowed: str, fix: str, field: str) -> Fault:
    return Fault("command line", found, allowed, fix, field=field)


def _said(duty: Duty) -> str:
    rate = f"{100.0 * duty.rate:g} %"
    goods = "everything" if duty.sector == "*" else duty.sector
    of = "all others" if duty.exporter == "*" else duty.exporter
    by = "everybody" if duty.importer == "*" else duty.importer
    word = "more" if duty.rate >= 0.0 else "less"
    return f"{by} charges {rate.lstrip('-')} {word} on {goods} from {of}"


def ask(
    deal: str | None,
    duties: Sequence[str],
    table: WorldTable,
    setting: Setting | None = None,
    as_of: date | None = None,
) -> EconomyAnswer:
    """Return the answer to a deal, by reference, or else to duties. Raises as ``of_deal``."""
    if deal is not None:
        return of_deal(assess_named(deal, as_of=as_of), table, setting)
    return of_duties(duties, table, setting)
