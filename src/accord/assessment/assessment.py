"""The Assessment: a frozen value with everything that is shown, and its one JSON form."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from accord.assessment.focus import Focus
from accord.assessment.part import Part
from accord.assessment.paths import PathAnswer
from accord.assessment.pieces import Assumption, NotModelled, Reference
from accord.assessment.rests_on import RestsOn
from accord.claims import Ledger, Scene, judge
from accord.claims import Row as ClaimLine
from accord.display import Displayed
from accord.effects import Effects, Row
from accord.ensemble.ensemble import Ensemble
from accord.pack import FixedNumber

LANE_WEIGHTS = ("low", "central", "high")


@dataclass(frozen=True, slots=True)
class TermLine:
    """One term of the deal as it is shown: what it does, and whether its text says so."""

    id: str
    kind: str
    title: str
    implied: bool
    assumed: tuple[str, ...]
    reading: str


@dataclass(frozen=True, slots=True)
class LawLine:
    """One measure of the law in force on the as-of date."""

    id: str
    title: str
    since: date | None


@dataclass(frozen=True, slots=True)
class BaselineRow:
    """The model's before beside what the world showed; ``fitted``: used to set the model."""

    quantity: str
    region: str
    year: int
    observed: float
    model: float | None
    unit: str
    fitted: bool
    source: str


@dataclass(frozen=True, slots=True)
class AccessCase:
    """Main results when lanes that were closed are given low, central or high access."""

    weights: str
    effects: Effects
    headline: str


@dataclass(frozen=True, slots=True)
class Deal:
    """The deal as shown: title, where it comes from, status, variant."""

    slug: str
    title: str
    date: date
    status: str
    summary: str
    variant: str | None
    variant_title: str | None
    variants: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    """The certificate of the whole answer: the worst over both equilibria, and the identity."""

    market_clearing: float
    complementarity: float
    mass_balance: float
    welfare_identity: float
    steps: int
    seconds: float
    ok: bool


@dataclass(frozen=True, kw_only=True)
class Answer(Displayed):
    """What any answer has. One of its own is of a deal without terms about a market.

    ``parts``  what is not about the market, one for each domain of the deal's terms
    ``scene``  what its claims are judged by
    """

    deal: Deal
    deal_file: Reference
    packs: tuple[Reference, ...]
    as_of: date
    headline: str
    terms: tuple[TermLine, ...]
    assumptions: tuple[Assumption, ...]
    not_modelled: tuple[NotModelled, ...]
    scene: Scene
    versions: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...] = ()

    @cached_property
    def ledger(self) -> Ledger:
        """What was claimed, judged when it is asked for. Raises ``InputError`` as ``judge``."""
        return judge(self.scene)

    @property
    def claims(self) -> tuple[ClaimLine, ...]:
        """Every reading of every claim with its verdict; flip points are computed when asked."""
        return self.ledger.rows

    @property
    def part_rows(self) -> tuple[Row, ...]:
        """The effects of all parts."""
        return tuple(row for part in self.parts for row in part.rows)

    def __repr__(self) -> str:
        """Answer first."""
        return f"<Answer {_named(self.deal)} as of {self.as_of}: {self.headline}>"


@dataclass(frozen=True, kw_only=True, repr=False)
class Assessment(Answer):
    """The answer of a deal about a market. ``effects`` holds both equilibria; the rest is to show.

    ``parties``  the pack's regions that take part in the deal, in the order of its file
    ``paths``    the years that were asked for, ``None`` where none were
    ``ensemble`` the answer over draws of what is uncertain, ``None`` where none were asked for
    ``rests_on`` which uncertain numbers decide, ``None`` where no draws can tell
    ``access``   empty where access is fixed: the answer itself is then the only one
    ``fixed``    numbers of the pack that stand at a chosen value, in the point and in every draw
    """

    level_year: int
    closure: str
    effects: Effects
    focus: Focus
    parties: tuple[str, ...]
    because: tuple[str, ...]
    check: Check
    baseline: tuple[BaselineRow, ...]
    law: tuple[LawLine, ...]
    access: tuple[AccessCase, ...]
    region_names: dict[str, str] = field(default_factory=dict)
    good_names: dict[str, str] = field(default_factory=dict)
    paths: PathAnswer | None = None
    ensemble: Ensemble | None = None
    rests_on: RestsOn | None = None
    fixed: tuple[FixedNumber, ...] = ()

    @property
    def rows(self) -> tuple[Row, ...]:
        """Every effect on the market; over draws each has its range."""
        return self.effects.rows if self.ensemble is None else self.ensemble.effects.ranged_rows

    def region_name(self, code: str) -> str:
        """Return a region's name, or the code where it has none."""
        return self.region_names.get(code, code)

    def row(self, measure: str, region: str, good: str | None = None) -> Row | None:
        """Return one effect, or ``None`` where there is none."""
        return self.effects.row(measure, region, good)

    def __repr__(self) -> str:
        """Answer first."""
        state = "certified" if self.check.ok else "NOT certified"
        return f"<Assessment {_named(self.deal)} as of {self.as_of}: {self.headline} [{state}]>"


def _named(deal: Deal) -> str:
    return deal.slug if deal.variant is None else f"{deal.slug}:{deal.variant}"
