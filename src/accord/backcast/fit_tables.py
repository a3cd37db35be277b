"""The fit as tables: updated parameters, correlations, and the back-cast under other choices.

``accord pack build`` calls ``refit``, which computes nothing where the inputs are those that the
tables were computed from (their SHA-256 stand in ``fitted_from.csv``). A change of the program
does not show there: who makes one computes the tables anew with ``force``.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from io import StringIO
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from accord import pack as packs
from accord.backcast.evidence import FOLDER, Evidence, Observed
from accord.backcast.fit import Mode, Problem, Sample, climb, mode, sample
from accord.backcast.inputs import Inputs
from accord.backcast.posterior import FITTED, STAMP, TRIAL_YEARS, stamp
from accord.backcast.quantities import EXPORTER, IMPORTER, FromModel, read
from accord.backcast.read_evidence import load_evidence
from accord.backcast.replay import FREIGHT, Replay, World, world_of
from accord.backcast.score import SHARE, ScoredRow, scored, weighted_error
from accord.market import LaneKey, Market
from accord.pack import Pack

Vector = NDArray[np.float64]
Line = tuple[str, ...]
POSTERIOR = (
    "parameter,good,region,prior_median,prior_low,prior_high,median,low,high,mean,sd_log,told,draws,"
    "effective,unit,source,status"
)
CORRELATIONS = "one,other,value,source,status"
TRIALS = "name,at,value,error_2019,error_2023,error_2024,premium,imports,source,status"
OURS = ("backcast", "derived")
SCORED_YEARS = (2018, 2019, 2021, 2022, 2023, 2024)
DIGITS = 4
At = Callable[[Observed], FromModel | None]
"""Gives the state of the market that an observation is read from."""


def refit(pack_folder: str | Path, *, force: bool = False) -> bool:
    """Write the fit's tables into a pack's back-cast folder; return whether they were computed.

    It takes minutes. With ``force`` also where the inputs are those of the tables that are there.

    A pack without a back-cast is left as it is. Raises ``InputError`` where its tables are at
    fault, ``NoCertifiedAnswer`` where the model has no answer at the medians or in a trial.
    """
    pack_folder = Path(pack_folder)
    folder = pack_folder / FOLDER
    if not folder.is_dir():
        return False
    wanted = stamp(pack_folder, folder)
    if not force and _held(folder) == wanted:
        return False
    for name, text in fit_files(packs.load(pack_folder)).items():
        (folder / name).write_text(text, "utf-8")
    lines = [("file", "sha256"), *wanted.items()]
    (folder / STAMP).write_text("".join(f"{a},{b}\n" for a, b in lines), "utf-8")
    return True


def _held(folder: Path) -> dict[str, str]:
    if not all((folder / name).is_file() for name in FITTED):
        return {}
    with (folder / STAMP).open(encoding="utf-8", newline="") as file:
        return {row["file"]: row["sha256"] for row in csv.DictReader(file)}


def fit_files(pack: Pack) -> dict[str, str]:
    """Return each table of the fit by file name."""
    problem = Problem(pack, load_evidence(pack))
    top = mode(problem)
    draws = sample(problem, top)
    trials = Trials(problem)
    return {
        "posterior.csv": _csv(POSTERIOR, posterior_rows(problem, draws)),
        "correlations.csv": _csv(CORRELATIONS, correlation_rows(problem, draws)),
        "sensitivity.csv": _csv(TRIALS, trials.sensitivity()),
        "choices.csv": _csv(TRIALS, trials.choices(top, draws)),
    }


def _csv(header: str, rows: Sequence[Line]) -> str:
    file = StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(header.split(","))
    writer.writerows(rows)
    return file.getvalue()


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.{DIGITS}g}"


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def posterior_rows(problem: Problem, draws: Sample) -> list[Line]:
    """Return the posterior by parameter: median, 10-90 %, mean, log spread, how much was told."""
    spread = np.sqrt(np.diag(draws.cover))
    found: list[Line] = []
    for i, p in enumerate(problem.parameters):
        levels = [math.exp(draws.quantile(i, level)) for level in (0.5, 0.1, 0.9)]
        mean = float(draws.weight @ np.exp(draws.draws[:, i]))
        told = 1.0 - float(spread[i]) / float(problem.spread[i])
        numbers = [*problem.ranges[i], *levels, mean, float(spread[i]), told]
        size = (str(len(draws.draws)), f"{draws.effective:.0f}")
        unit = "1/yr^0.5" if i == problem.drift else "1"
        names = (p.parameter, p.good, p.region)
        found.append((*names, *map(_number, numbers), *size, unit, *OURS))
    return found


def correlation_rows(problem: Problem, draws: Sample) -> list[Line]:
    """Return the posterior correlations of the logarithms."""
    spread = np.sqrt(np.diag(draws.cover))
    names = [p.name for p in problem.parameters]
    return [
        (names[i], names[j], f"{draws.cover[i, j] / spread[i] / spread[j]:.2f}", *OURS)
        for i in range(len(names))
        for j in range(i)
    ]


@dataclass(frozen=True)
class Trials:
    """The back-cast under one choice at a time, the others as in the run ``prior``."""

    problem: Problem

    @property
    def _pack(self) -> Pack:
        return self.problem.pack

    @property
    def _evidence(self) -> Evidence:
        return self.problem.evidence

    @cached_property
    def world(self) -> World:
        """The world of the run ``prior``."""
        return world_of(self._pack, self._evidence.base)

    @cached_property
    def prior(self) -> Replay:
        """The run ``prior``."""
        return self.world.replay(SCORED_YEARS)

    def sensitivity(self) -> list[Line]:
        """Return the errors with each elasticity and freight at its 10th and 90th percentile."""
        base = self._evidence.base
        found: list[Line] = []
        for prior in self._pack.priors.rows:
            name = " ".join(part for part in prior.key if part != "*")
            for at, value in (("low", prior.low), ("high", prior.high)):
                found.append(
                    self._line(
                        (name, at, _number(value)),
                        lambda k=prior.key, v=value: world_of(self._pack, base, {k: v}),
                    )
                )
        freight = next(p for p in self.problem.parameters if p.parameter == FREIGHT)
        if freight.range is not None:
            for at, value in zip(("low", "high"), freight.range[1:], strict=True):
                found.append(
                    self._line(
                        (FREIGHT, at, _number(value)),
                        lambda v=value: world_of(self._pack, base, freight=v),
                    )
                )
        return found

    def _line(self, name: Line, world: Callable[[], World]) -> Line:
        return self._errors(name, world().replay(SCORED_YEARS).at)

    def _errors(self, name: Line, at: At) -> Line:
        """Return a line of errors; ``at`` gives the state of the market for an observation.

        An error of what is not observed is an empty cell.
        """
        shares = [weighted_error(self._rows(at, (SHARE,), (year,))) for year in TRIAL_YEARS]
        premium = self._rows(at, ("us_premium",), SCORED_YEARS)
        imports = self._rows(at, ("us_imports",), SCORED_YEARS)
        premia = _mean([abs(r.error) for r in premium])
        totals = _mean([abs(r.error) / r.observed for r in imports if r.observed > 0.0])
        return (*name, *map(_number, (*shares, premia, totals)), *OURS)

    def _rows(self, at: At, quantities: Sequence[str], years: Sequence[int]) -> list[ScoredRow]:
        found: list[ScoredRow] = []
        for o in self._evidence.observed:
            if o.quantity in quantities and o.year in years and o.day is None:
                state = at(o)
                value = None if state is None else read(o, state, self._evidence)
                if value is not None:
                    found.append(scored("", o, value, used=False))
        return found

    def choices(self, top: Mode, draws: Sample) -> list[Line]:
        """Return the errors under each choice that was made, and under those that were not."""
        middle = np.array([draws.quantile(i, 0.5) for i in range(len(top.at))])
        return [
            self._errors(("as run: prior, policy alone", "made", ""), self.prior.at),
            self._of_parameters("as run: updated", "made", middle),
            self._of_parameters(
                "updated without the panel's supply slope", "tried", self._refit(top, math.inf)
            ),
            self._of_parameters(
                "updated, the panel's supply slope taken as it is",
                "tried",
                self._refit(top, self._evidence.panel["supply"].error),
            ),
            self._errors(("observed outputs put in", "shown", ""), self._inputs().at),
            self._errors(("law of 1 July for the whole year", "tried", ""), self._mid_year),
            self._errors(("Armington closure", "tried", ""), self._armington().at),
            self._errors(
                ("Russia's weight of 2010-2017 in place of 2017's", "tried", ""),
                self._shifted({EXPORTER: self._russia_pooled()}).at,
            ),
            self._errors(
                ("drift of 2019 carried on, origin by origin", "refused", ""),
                self._shifted(self._drift_of_2019()).at,
            ),
        ]

    def _of_parameters(self, name: str, at: str, x: Vector) -> Line:
        return self._errors((name, at, ""), self.problem.replay(x, SCORED_YEARS).at)

    def _refit(self, top: Mode, panel_error: float) -> Vector:
        return climb(self.problem, top.linear, top.at, panel_error)[0]

    def _inputs(self) -> Replay:
        return self.world.replay(SCORED_YEARS, Inputs(self._evidence, self.prior).changed)

    def _armington(self) -> Replay:
        return self.world.replay(SCORED_YEARS, closure="armington")

    def _mid_year(self, o: Observed) -> FromModel | None:
        return self.prior.at(replace(o, day=o.day or date(o.year, 7, 1)))

    def _shifted(self, shift: dict[str, float]) -> Replay:
        """Return the replay with the log weights of origins of US imports shifted."""
        good = self.world.good

        def change(market: Market, year: int) -> Market:
            del year
            return market.map_lanes(
                lambda x: x.key in {LaneKey(good, o, IMPORTER) for o in shift},
                lambda x: replace(x, log_weight=x.log_weight + shift[x.origin]),
            )

        return self.world.replay(SCORED_YEARS, change)

    def _russia_pooled(self) -> float:
        """Return the log odds of Russia's share in all years to the base less those of the base."""
        flow = total = 0.0
        base = 0.0
        path = self._pack.folder / "history" / "open_lane_shares.csv"
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                lane = (row["good"], row["origin"], row["destination"])
                if lane == (self.world.good, EXPORTER, IMPORTER):
                    flow += float(row["flow"])
                    total += float(row["imports"])
                    if int(row["year"]) == self._evidence.base:
                        base = float(row["share"])
        pooled = flow / total
        return math.log(pooled / (1.0 - pooled)) - math.log(base / (1.0 - base))

    def _drift_of_2019(self) -> dict[str, float]:
        """Return ln(observed/predicted share) of each origin observed in 2019."""
        found: dict[str, float] = {}
        for o in self._evidence.observed:
            if (o.quantity, o.year) == (SHARE, TRIAL_YEARS[0]):
                state = self.prior.at(o)
                value = None if state is None else read(o, state, self._evidence)
                if value and o.value > 0.0:
                    found[self._evidence.region(o.region)] = math.log(o.value / value)
        return found
