"""Joint work on deposits: who takes part, how far down the chain it goes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, ClassVar, Literal

from pydantic import PlainValidator

from accord.instruments.domain_term import DomainTerm
from accord.instruments.fields import Code, Share, Slugs, Text, about
from accord.instruments.joint_project import CLOSE, YearsOrNone
from accord.instruments.problem import FieldError, Problem, listed, shown
from accord.instruments.table import Table

LONGEST, LARGEST = 40, 1000.0
Step = Literal["mine", "separation", "metal", "magnet"]


def _horizon(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= LONGEST:
        return value
    raise FieldError(shown(value), f"whole years, 1 to {LONGEST}", "write for example 15")


def _times(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and 1.0 < value <= LARGEST:
        return float(value)
    allowed = f"a number above 1 and at most {LARGEST:g}"
    raise FieldError(shown(value), allowed, "write 7 for seven times as much")


class LeadYears(Table):
    """Years that steps take after the step before them, in place of the pack's."""

    exploration: YearsOrNone | None = about("0 years or more", "4", None)
    resource: YearsOrNone | None = about("0 years or more", "5", None)
    mine: YearsOrNone | None = about("0 years or more", "5", None)
    separation: YearsOrNone | None = about("0 years or more", "2", None)
    metal: YearsOrNone | None = about("0 years or more", "1", None)
    magnet: YearsOrNone | None = about("0 years or more", "2", None)

    @property
    def stated(self) -> dict[str, int]:
        """The years that are stated, by step."""
        values = ((name, getattr(self, name)) for name in type(self).model_fields)
        return {name: value for name, value in values if value is not None}


class Stake(Table):
    """Who holds how much: a company or a state."""

    party: Text = about("text: the name of a company or state", '"Rosatom"')
    country: Code = about("the country where it is at home", '"RUS"')
    share: Share = about("more than 0 % and at most 100 %", '"51 %"')


class JointExploration(DomainTerm):
    """Deposits that parties explore and develop together, up to the step ``through``.

    What comes of it follows from the pack: size, years and odds of each step still ahead of each
    deposit. Without ``deposits`` it is every deposit that the pack knows in ``region``.
    ``target_factor`` is how many times over the region's output is to rise, where somebody says so.
    """

    domain: ClassVar[str] = "minerals"

    kind: str = "joint_exploration"
    region: Code = about("the country where the deposits are", '"RUS"')
    deposits: Slugs = about("deposits of the pack", '["tomtor"]', ())
    through: Step = about("mine, separation, metal or magnet", '"magnet"', "magnet")
    horizon_years: Annotated[int, PlainValidator(_horizon)] = about(
        f"whole years to look ahead, 1 to {LONGEST}", "15", 15
    )
    target_factor: Annotated[float, PlainValidator(_times)] | None = about(
        "how many times over output is to rise", "7", None
    )
    lead_years: LeadYears = about("a table of years by step", "{ mine = 5 }", LeadYears())
    share: tuple[Stake, ...] = about(
        "who holds it; shares sum to 100 %",
        '[{ party = "Rosatom", country = "RUS", share = "100 %" }]',
        (),
    )

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the term's own fields."""
        return [*super().disagreements(), *self._of_shares()]

    def _of_shares(self) -> Iterator[Problem]:
        total = sum(s.share for s in self.share)
        if self.share and abs(total - 1.0) > CLOSE:
            parts = listed([f"{s.party} {s.share * 100:.6g} %" for s in self.share], "and")
            found = f"shares that sum to {total * 100:.6g} % ({parts})"
            fix = f"the rest is {(1.0 - total) * 100:+.6g} %: give it to somebody, or take it away"
            yield Problem(("share",), found, "shares that sum to 100 %", fix)
        names = [s.party for s in self.share]
        for i, name in enumerate(names):
            if name in names[:i]:
                fix = "add its shares up, or name the other party"
                yield Problem(("share", i, "party"), f'"{name}" twice', "each party once", fix)
