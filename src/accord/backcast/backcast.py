"""The back-cast of a pack: four runs over one table of observations, and what tells them apart.

prior                    the world of the base year with the medians of priors.csv; only the law
                         moves. Nothing of the years it speaks of is known to it.
updated                  the same with the parameters updated by evidence up to 2022
naive_unchanged          the base year for ever
naive_full_pass_through  duties paid in full by US buyers, nothing else changes

Beside them, and not scored as a run: the world of the prior with the observed outputs of each
year put in (``accord.backcast.inputs``), which tells policy from other shocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accord import pack as packs
from accord.backcast.conflict import refuse_conflicts
from accord.backcast.evidence import QUANTITIES, Evidence, Observed
from accord.backcast.inputs import Inputs
from accord.backcast.naive import passed_through
from accord.backcast.posterior import TRIAL_YEARS, Posterior, load_posterior
from accord.backcast.quantities import Measured, read
from accord.backcast.read_evidence import load_evidence
from accord.backcast.replay import Replay, world_of
from accord.backcast.score import (
    RUNS,
    Contest,
    ScoredRow,
    YearErrors,
    contest,
    contests,
    errors_by_year,
    scored,
)
from accord.pack import Pack

SAME = 0.01
"""Relative difference below which an error in a table and one computed now are the same."""

BY_EVENT = ("us_import_share", "us_imports", "us_premium")
"""The quantities whose mean error is given for each event."""


@dataclass(frozen=True, slots=True)
class Explained:
    """One observation and the way to it: base year, policy alone, policy and observed outputs."""

    row: Observed
    base: float
    policy: float
    inputs: float | None


@dataclass(frozen=True, slots=True)
class SignCheck:
    """A direction: change observed and predicted, and whether the signs agree.

    ``modelled`` is false where the event is not in the law of the pack.
    """

    event: str
    quantity: str
    before: str
    after: str
    observed: float
    predicted: float
    required: bool
    modelled: bool

    @property
    def right(self) -> bool:
        """Whether predicted and observed change have one sign."""
        return self.observed * self.predicted > 0.0


@dataclass(frozen=True)
class Backcast:
    """Everything a back-cast found.

    ``rows`` has all that is shown; scored are those of modelled events (``scored``). ``skipped``
    are observations that no run can predict.
    """

    pack: Pack
    evidence: Evidence
    posterior: Posterior
    rows: tuple[ScoredRow, ...]
    years: tuple[YearErrors, ...]
    contests: tuple[Contest, ...]
    explained: tuple[Explained, ...]
    signs: tuple[SignCheck, ...]
    skipped: tuple[Observed, ...]
    inputs: Mapping[int, tuple[str, ...]]

    def run(self, name: str) -> tuple[ScoredRow, ...]:
        """Return the rows of one run."""
        return tuple(row for row in self.rows if row.run == name)

    def scored(self, name: str) -> tuple[ScoredRow, ...]:
        """Return the rows of one run that count in its errors: those of modelled events."""
        return tuple(row for row in _judged(self.rows, self.evidence) if row.run == name)

    def of_event(self, event: str) -> tuple[Contest, ...]:
        """Return the mean errors over an event's rows by quantity; none if it is not modelled."""
        rows = [r for r in _judged(self.rows, self.evidence) if r.event == event]
        found = (contest([r for r in rows if r.quantity == quantity]) for quantity in BY_EVENT)
        return tuple(c for c in found if c is not None)

    @property
    def unchecked(self) -> int:
        """How many directions were to be checked and cannot be, as nothing is observed."""
        return len(self.evidence.signs) - len(self.signs)

    @property
    def fit_is_current(self) -> bool:
        """Whether the fit's tables are of this pack and of this program.

        Of this program they are if the errors they hold for the run ``prior`` are its errors.
        """
        mine = {y.year: y.by_run["prior"] for y in self.years}
        held = dict(zip(TRIAL_YEARS, self.posterior.choices[0].years, strict=True))
        pairs = ((mine.get(year), error) for year, error in held.items())
        same = all(abs(a - b) <= SAME * b for a, b in pairs if a is not None and b is not None)
        return self.posterior.current and same

    def status_counts(self) -> dict[str, int]:
        """Return how many scored observations have each status."""
        silent = _silent(self.evidence)
        seen = [
            o for o in self.evidence.observed if o not in self.skipped and o.event not in silent
        ]
        return {
            status: sum(o.status == status for o in seen)
            for status in dict.fromkeys(o.status for o in seen)
        }


def backcast(name: str | Path | Pack) -> Backcast:
    """Replay the years after a pack's first benchmark and score them.

    Raises ``InputError`` where the pack has no back-cast, its tables are at fault, or its law
    contradicts itself; ``NoCertifiedAnswer`` naming the year and days that have no answer.
    """
    pack = name if isinstance(name, Pack) else packs.load(name)
    evidence = load_evidence(pack)
    refuse_conflicts(pack, evidence.base, max(evidence.years))
    posterior = load_posterior(pack, evidence)
    world = world_of(pack, evidence.base)
    prior = world.replay(evidence.years)
    fitted = world_of(pack, evidence.base, posterior.values(pack), posterior.freight)
    updated = fitted.replay(evidence.years)
    inputs = Inputs(evidence, prior)
    given = world.replay([y for y in evidence.years if inputs.used(y)], inputs.changed)
    forecasts = Forecasts(evidence, prior, updated)
    rows, skipped = forecasts.rows()
    kept = [o for o in evidence.observed if o not in skipped]
    judged = _judged(rows, evidence)
    return Backcast(
        pack=pack,
        evidence=evidence,
        posterior=posterior,
        rows=rows,
        years=errors_by_year(judged, evidence, evidence.panel["drift_us"].value),
        contests=contests(judged, QUANTITIES),
        explained=tuple(_explained(o, evidence, prior, given) for o in kept),
        signs=sign_checks(evidence, prior),
        skipped=skipped,
        inputs={year: inputs.used(year) for year in evidence.years},
    )


def _judged(rows: tuple[ScoredRow, ...], evidence: Evidence) -> tuple[ScoredRow, ...]:
    """Return the rows of modelled events; of the others only the sign is looked at."""
    silent = _silent(evidence)
    return tuple(row for row in rows if row.event not in silent)


def _silent(evidence: Evidence) -> set[str]:
    return {event.id for event in evidence.events if not event.modelled}


@dataclass(frozen=True)
class Forecasts:
    """The four runs, each a state of the market for an observation."""

    evidence: Evidence
    prior: Replay
    updated: Replay

    def rows(self) -> tuple[tuple[ScoredRow, ...], tuple[Observed, ...]]:
        """Return all scored rows, run by run, and the observations that cannot be predicted."""
        observed = sorted(self.evidence.observed, key=_order)
        values = {(run, o): self._predicted(run, o) for run in RUNS for o in observed}
        skipped = tuple(o for o in observed if any(values[run, o] is None for run in RUNS))
        rows = tuple(
            scored(run, o, value, used=run == "updated" and o.calibration)
            for run in RUNS
            for o in observed
            if o not in skipped and (value := values[run, o]) is not None
        )
        return rows, skipped

    def _predicted(self, run: str, o: Observed) -> float | None:
        state = self._state(run, o)
        return None if state is None else read(o, state, self.evidence)

    def _state(self, run: str, o: Observed) -> Measured | None:
        if run == "prior":
            return self.prior.at(o)
        if run == "updated":
            return self.updated.at(o)
        if run == "naive_unchanged":
            return self.prior.at_base
        return passed_through(self.prior, o)


def _order(o: Observed) -> tuple[int, str, str]:
    return QUANTITIES.index(o.quantity), o.date, o.region


def _explained(o: Observed, evidence: Evidence, prior: Replay, given: Replay) -> Explained:
    state, more = prior.at(o), given.at(o)
    return Explained(
        row=o,
        base=read(o, prior.at_base, evidence) or 0.0,
        policy=(read(o, state, evidence) or 0.0) if state else 0.0,
        inputs=None if more is None else read(o, more, evidence),
    )


def sign_checks(evidence: Evidence, replay: Replay) -> tuple[SignCheck, ...]:
    """Return each direction that is to be checked, observed and predicted.

    Both in dollars of the base year, so that inflation between the two days gives no sign.
    """
    found: list[SignCheck] = []
    modelled = {event.id: event.modelled for event in evidence.events}
    for sign in evidence.signs:
        pair = [_dated(evidence, sign.quantity, sign.region, d) for d in (sign.before, sign.after)]
        if any(row is None for row in pair):
            continue
        first, last = (row for row in pair if row is not None)
        states = (replay.at(first), replay.at(last))
        values = [
            (row.value / (d := evidence.deflator[row.year]), (read(row, s, evidence) or 0.0) / d)
            for row, s in zip((first, last), states, strict=True)
            if s is not None
        ]
        found.append(
            SignCheck(
                event=sign.event,
                quantity=sign.quantity,
                before=sign.before,
                after=sign.after,
                observed=values[1][0] - values[0][0],
                predicted=values[1][1] - values[0][1],
                required=sign.required,
                modelled=modelled.get(sign.event, False),
            )
        )
    return tuple(found)


def _dated(evidence: Evidence, quantity: str, region: str, when: str) -> Observed | None:
    rows = (
        o for o in evidence.observed if (o.quantity, o.region, o.date) == (quantity, region, when)
    )
    return next(rows, None)
