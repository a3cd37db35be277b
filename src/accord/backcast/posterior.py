"""Parameters updated with evidence: the tables that ``accord pack build`` leaves in the pack."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from accord.backcast.evidence import Evidence
from accord.backcast.fit_faults import fit_faults
from accord.backcast.replay import FREIGHT
from accord.backcast.tables import CHOICES, SENSITIVITY
from accord.errors import Fault, InputError
from accord.pack import Pack
from accord.pack.columns import Known
from accord.pack.load import SHIPPED
from accord.pack.priors import PriorKey
from accord.pack.read_uncertain import CORRELATIONS, POSTERIOR
from accord.pack.tables import Table, TableSpec, read_table

STAMP = "fitted_from.csv"
FITTED = ("posterior.csv", "correlations.csv", "sensitivity.csv", "choices.csv", STAMP)
"""What the fit writes; everything else in the folder is an input to it."""
BASIS = ("priors.csv", "policy.toml", "tariff_columns.csv", "regions.csv", "goods.csv")


@dataclass(frozen=True, slots=True)
class Update:
    """One parameter before and after the evidence: median, 10th and 90th percentile.

    ``told`` is how much the evidence told: 1 − the ratio of the log spread after to that before.
    """

    parameter: str
    good: str
    region: str
    prior: tuple[float, float, float]
    median: float
    low: float
    high: float
    mean: float
    sd_log: float
    told: float

    @property
    def name(self) -> str:
        """Its name in tables."""
        return " ".join(part for part in (self.parameter, self.good, self.region) if part != "*")

    @property
    def key(self) -> PriorKey:
        """The row of the priors it belongs to, if it is one of them."""
        return PriorKey(self.parameter, self.good, self.region)


@dataclass(frozen=True, slots=True)
class Trial:
    """Errors of the back-cast under one choice: share errors by year, premium, imports.

    ``years`` are fractions; ``premium`` in USD/t and ``imports`` as a fraction are mean absolute
    errors of the annual figures. ``None``: nothing observed to compare with.
    """

    name: str
    at: str
    value: float | None
    years: tuple[float | None, float | None, float | None]
    premium: float | None
    imports: float | None


TRIAL_YEARS = (2019, 2023, 2024)


@dataclass(frozen=True)
class Posterior:
    """Everything the fit found. ``effective`` is the effective sample size of ``draws``."""

    updates: tuple[Update, ...]
    correlations: Mapping[tuple[str, str], float]
    sensitivity: tuple[Trial, ...]
    choices: tuple[Trial, ...]
    draws: int
    effective: float
    current: bool

    def values(self, pack: Pack) -> dict[PriorKey, float]:
        """Return the medians of the parameters that are rows of the pack's priors."""
        return {u.key: u.median for u in self.updates if u.key in pack.priors.by_key}

    @property
    def freight(self) -> float:
        """The level of freight."""
        return next((u.median for u in self.updates if u.parameter == FREIGHT), 1.0)


def load_posterior(pack: Pack, evidence: Evidence) -> Posterior:
    """Return the fit's tables. Raises ``InputError`` where they are not there or broken."""
    folder = evidence.folder
    known = Known(
        tuple(g.code for g in pack.goods),
        tuple(r.code for r in pack.regions),
        [s.id for s in pack.sources],
    )
    faults: list[Fault] = []

    def table(name: str, spec: TableSpec) -> Table:
        file = f"{pack.folder.name}/{folder.name}/{name}"
        if not (folder / name).exists():
            fix = f"compute it, which takes minutes: {how_to_refit(pack)}"
            faults.append(Fault(file, "no such file", "the updated parameters", fix))
            return Table(file, present=False)
        found = read_table(folder / name, file, spec, known)
        faults.extend(found.faults)
        return found

    read = [
        table("posterior.csv", POSTERIOR),
        table("correlations.csv", CORRELATIONS),
        table("sensitivity.csv", SENSITIVITY),
        table("choices.csv", CHOICES),
    ]
    if not faults:
        faults += fit_faults(read[0], evidence.parameters)
    if faults:
        raise InputError(faults)
    posterior, correlations, sensitivity, choices = read
    pairs = zip(correlations.text["one"], correlations.text["other"], strict=True)
    return Posterior(
        updates=_updates(posterior),
        correlations=dict(zip(pairs, correlations.number["value"], strict=True)),
        sensitivity=_trials(sensitivity),
        choices=_trials(choices),
        draws=int(posterior.number["draws"][0]),
        effective=posterior.number["effective"][0],
        current=_stamp_of(folder) == stamp(pack.folder, folder),
    )


def _updates(table: Table) -> tuple[Update, ...]:
    number = table.number
    return tuple(
        Update(
            *(table.text[name][i] for name in ("parameter", "good", "region")),
            prior=tuple(number[f"prior_{n}"][i] for n in ("median", "low", "high")),  # pyright: ignore[reportArgumentType]
            median=number["median"][i],
            low=number["low"][i],
            high=number["high"][i],
            mean=number["mean"][i],
            sd_log=number["sd_log"][i],
            told=number["told"][i],
        )
        for i in range(len(table))
    )


def _trials(table: Table) -> tuple[Trial, ...]:
    number, text = table.number, table.text
    return tuple(
        Trial(
            text["name"][i],
            text["at"][i],
            None if text["value"][i] == "" else float(text["value"][i]),
            (
                _known(number["error_2019"][i]),
                _known(number["error_2023"][i]),
                _known(number["error_2024"][i]),
            ),
            _known(number["premium"][i]),
            _known(number["imports"][i]),
        )
        for i in range(len(table))
    )


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def how_to_refit(pack: Pack) -> str:
    """Return how the fit of a pack is computed anew.

    ``accord pack build`` writes the pack that is shipped; one's own pack is fitted from Python.
    """
    if pack.folder.resolve() == (SHIPPED / pack.folder.name).resolve():
        return f"accord pack build {pack.name}"
    return f'in Python, accord.backcast.fit_tables.refit("{pack.folder}", force=True)'


def stamp(pack_folder: Path, folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file that the fit rests on, by its path in the pack."""
    files = [pack_folder / name for name in BASIS]
    files += sorted(min(pack_folder.glob("benchmark_*")).glob("*.csv"))
    files += [path for path in sorted(folder.glob("*.csv")) if path.name not in FITTED]
    return {
        path.relative_to(pack_folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.is_file()
    }


def _stamp_of(folder: Path) -> dict[str, str]:
    path = folder / STAMP
    if not path.is_file():
        return {}
    lines = path.read_text("utf-8").splitlines()[1:]
    return dict(line.split(",", 1) for line in lines if "," in line)  # pyright: ignore[reportReturnType]
