"""A joint project: plants that parties build together and share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Annotated, ClassVar, Literal, NamedTuple

from pydantic import PlainValidator

from accord import units
from accord.instruments.domain_term import DomainTerm
from accord.instruments.fields import (
    Code,
    Money,
    PartOrNone,
    PowerPrice,
    Share,
    Text,
    about,
)
from accord.instruments.problem import FieldError, Problem, listed, shown
from accord.instruments.table import Table

AssetKind = Literal["hydropower", "smelter", "line"]
SIZES = {"smelter": units.MASS_RATE, "hydropower": units.PLANT_SIZE}
LONGEST = 40
CLOSE = 1e-6
"""Shares and sums of money this close, as parts of the whole, agree: people round them."""


def _years(least: int) -> Callable[[object], int]:
    def reader(value: object) -> int:
        allowed = f"a whole number of years, {least} to {LONGEST}"
        if not isinstance(value, int) or isinstance(value, bool):
            raise FieldError(shown(value), allowed, "write for example 7")
        if not least <= value <= LONGEST:
            fix = f"write {-value}" if value < 0 else "write for example 7"
            raise FieldError(shown(value), allowed, fix)
        return value

    return reader


class Size(NamedTuple):
    """How large an asset is, and what that is a quantity of."""

    amount: float
    of: units.Dimension


def _size(value: object) -> Size:
    refused: list[units.QuantityError] = []
    for dimension in SIZES.values():
        try:
            amount = units.parse(value, dimension)
        except units.QuantityError as error:
            refused.append(error)
            continue
        if amount > 0.0:
            return Size(amount, dimension)
        fix = f'write for example "{dimension.example}"'
        raise FieldError(shown(value), "a size of more than 0", fix)
    allowed = "a size: a smelter's in t/yr, kt/yr or Mt/yr, hydropower's in MW or GW"
    raise FieldError(refused[0].found, allowed, 'write for example "600 kt/yr" or "3000 MW"')


Years = Annotated[int, PlainValidator(_years(1))]
YearsOrNone = Annotated[int, PlainValidator(_years(0))]


class ProjectAsset(Table):
    """One thing that is built. What the deal leaves open comes from comparable plants."""

    kind: AssetKind = about("hydropower, smelter or line", '"smelter"')
    size: Annotated[Size | None, PlainValidator(_size)] = about(
        "of a smelter in kt/yr, of hydropower in MW", '"600 kt/yr"', None
    )
    capex: Money | None = about("what it costs to build: more than 0 USD", '"3 bn USD"', None)
    build_years: Years | None = about("years of building", "7", None)


class ProjectShare(Table):
    """Who holds how much of a project: a company or a state."""

    party: Text = about("text: the name of a company or state", '"Rusal"')
    country: Code = about("the country where it is at home", '"RUS"')
    share: Share = about("more than 0 % and at most 100 %", '"50 %"')
    required_return: PartOrNone | None = about(
        "what its money must earn a year, above inflation", '"12 %"', None
    )


class ProjectFinancing(Table):
    """How a project is paid for, where the deal says so."""

    debt_share: PartOrNone | None = about("0 % to 100 % of what is built", '"60 %"', None)
    rate: PartOrNone | None = about("a percentage a year, above inflation", '"7 %"', None)
    loan_years: Years | None = about("years of level payments", "15", None)
    grace_years: YearsOrNone = about("years of interest only, once the plant runs", "2", 0)


def _of_another_kind(i: int, kind: str, size: Size) -> Problem:
    """Return that the size of an asset is not one of its kind."""
    place = ("asset", i, "size")
    if kind not in SIZES:
        return Problem(
            place, f"the size of a {kind}", f"no size: a {kind} has capex", "take size out"
        )
    right = SIZES[kind]
    fix = f'write for example "{right.example}"'
    return Problem(place, f"{size.of.name}, for {kind}", f"{right.name} in {right.units}", fix)


class JointProject(DomainTerm):
    """Plants built together: what they cost, make and earn, and what each party gets of it.

    ``budget`` is what all assets cost together. Assets without a size get what the budget buys
    at the cost of comparable plants, hydropower to match the smelter; where all sizes are given the
    budget is parted by what comparable plants cost. The market of the pack gives the
    price of metal, with the deal's own terms in effect and the new smelter in it.
    """

    domain: ClassVar[str] = "project"

    kind: str = "joint_project"
    region: Code = about("the country where it is built", '"RUS"')
    place: Text = about("text: where in the country", '"Krasnoyarsk"', "")
    budget: Money | None = about("what all of it costs: more than 0 USD", '"15 bn USD"', None)
    asset: tuple[ProjectAsset, ...] = about(
        "one or more assets", '[{ kind = "smelter", size = "600 kt/yr" }]'
    )
    share: tuple[ProjectShare, ...] = about(
        "who holds it; shares sum to 100 %",
        '[{ party = "Rusal", country = "RUS", share = "100 %" }]',
    )
    financing: ProjectFinancing = about(
        "a table of debt_share, rate, loan_years, grace_years",
        '{ debt_share = "60 %", rate = "7 %" }',
        ProjectFinancing(),
    )
    like: Text | None = about("the smelter it is modelled on", '"smelter.RUS.boguchany"', None)
    power_price: PowerPrice | None = about(
        "of power bought, or left over and sold", '"25 USD/MWh"', None
    )
    lead_years: YearsOrNone | None = about("years from signing to the first spending", "2", None)

    def asset_of(self, kind: str) -> ProjectAsset | None:
        """Return the asset of a kind, ``None`` where the project has none."""
        return next((a for a in self.asset if a.kind == kind), None)

    def disagreements(self) -> list[Problem]:
        """Return what is wrong between the term's own fields."""
        return [*super().disagreements(), *self._of_shares(), *self._of_assets(), *self._of_money()]

    def _of_shares(self) -> Iterator[Problem]:
        total = sum(s.share for s in self.share)
        if not self.share:
            fix = 'add [[term.share]] with party, country and share = "100 %"'
            yield Problem(("share",), "no party", "one party or more", fix)
        elif abs(total - 1.0) > CLOSE:
            parts = listed([f"{s.party} {s.share * 100:.6g} %" for s in self.share], "and")
            found = f"shares that sum to {total * 100:.6g} % ({parts})"
            fix = f"the rest is {(1.0 - total) * 100:+.6g} %: give it to somebody, or take it away"
            yield Problem(("share",), found, "shares that sum to 100 %", fix)
        names = [s.party for s in self.share]
        for i, name in enumerate(names):
            if name in names[:i]:
                fix = "add its shares up, or name the other party"
                yield Problem(("share", i, "party"), f'"{name}" twice', "each party once", fix)

    def _of_assets(self) -> Iterator[Problem]:
        if not self.asset:
            fix = 'add [[term.asset]] with kind = "smelter"'
            yield Problem(("asset",), "nothing to build", "one asset or more", fix)
        kinds = [a.kind for a in self.asset]
        for i, asset in enumerate(self.asset):
            if asset.kind in kinds[:i]:
                fix = "add the sizes up"
                yield Problem(("asset", i, "kind"), f'"{asset.kind}" twice', "each kind once", fix)
            yield from self._of_asset(i, asset)
        if kinds and set(kinds) == {"line"}:
            fix = "add what the line is for: a smelter or hydropower"
            yield Problem(("asset",), "a line alone", "a line with a smelter or hydropower", fix)

    def _of_asset(self, i: int, asset: ProjectAsset) -> Iterator[Problem]:
        if asset.size is not None and asset.size.of is not SIZES.get(asset.kind):
            yield _of_another_kind(i, asset.kind, asset.size)
        if asset.capex is not None or asset.size is not None:
            return
        if asset.kind == "line":
            fix = 'add capex = "1 bn USD": there is no table of what lines cost'
            yield Problem(("asset", i), "a line without capex", "a line with its capex", fix)
        elif self.budget is None:
            example = SIZES[asset.kind].example
            fix = f'add size = "{example}" or capex = "3 bn USD", or a budget for the whole'
            found = f"a {asset.kind} without size and capex"
            yield Problem(("asset", i), found, "a size, a capex, or a budget for all", fix)

    def _of_money(self) -> Iterator[Problem]:
        if self.budget is None or not self.asset:
            return
        stated = sum(a.capex for a in self.asset if a.capex is not None)
        whole = all(a.capex is not None for a in self.asset)
        if stated > self.budget * (1.0 + CLOSE) or (
            whole and abs(stated - self.budget) > CLOSE * self.budget
        ):
            found = f"{self.budget / 1e9:g} bn USD, while the assets cost {stated / 1e9:g} bn USD"
            allowed = "a budget that is the sum of the assets' capex"
            yield Problem(("budget",), found, allowed, "take budget out, or mend one of the two")
