"""The welfare effects of NAFTA's tariff cuts, 1993 to 2005: 31 countries, 40 sectors.

The published files are read where they are; a world of equal countries is checked everywhere. The
tables are repaired as the paper does, and each repair is told in the answer's notes.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from accord.cases.case import Data, Quantity
from accord.cases.published import published_folder
from accord.economy.baseline import Array, Shock
from accord.economy.caliendo_parro import EXACT, PRINTED, TERMS, VOLUME, CaliendoParro
from accord.economy.caliendo_parro_data import Repairs, Tables, caliendo_parro_world
from accord.economy.result import Counterfactual

MEMBERS = ("MEX", "CAN", "USA")
REPAIRS = Repairs(
    raise_output=True, drop_negative_final=True, drop_negative_inputs=True, end_deficits=True
)
TRADED = 20


def quantities(data: Data) -> Iterator[Quantity]:
    """Yield a world by hand, then what the paper prints of each member."""
    by_hand = data["by_hand"]
    yield Quantity(
        "equal countries, welfare", by_hand["welfare"], equal_countries(by_hand),
        by_hand["tolerance"],
    )  # fmt: skip
    folder = published_folder("caliendo_parro_2015")
    found = None if folder is None else _found(nafta(folder / "inputs.npz"))
    for name, shown in data["published"].items():
        for k, member in enumerate(MEMBERS):
            label = f"{name.replace('_', ' ')}, {member}, %"
            computed = None if found is None else float(found[name][k])
            yield Quantity(label, shown[k], computed, data["tolerance"][name])


def equal_countries(by_hand: Data) -> float:
    """Return welfare where equal countries end the duties between them.

    With Φ = h + (1−h)(1+τ)^θ, prices fall by Φ^(1/(θγ)), and what duties brought in is lost.
    """
    regions, home, rate = by_hand["regions"], by_hand["home_share"], by_hand["tariff"]
    count = len(regions)
    spent = np.full((1, count, count), (1.0 - home) / (count - 1))
    spent[0][np.diag_indices(count)] = home
    tariff = np.where(np.eye(count) > 0.0, 0.0, rate)[None]
    trade = spent / (1.0 + tariff)
    tables = Tables(
        regions=tuple(regions),
        sectors=("goods",),
        theta=np.array([by_hand["theta"]]),
        trade=trade,
        gross_output=trade.sum(axis=1),
        value_added=np.full((1, count), by_hand["value_added"]),
        input_share=np.ones((count, 1, 1)),
        tariff=tariff,
    )
    world = caliendo_parro_world(tables)
    return float(world.counterfactual(Shock(tariff=0.0 * tariff)).welfare[0])


def nafta(inputs: Path) -> tuple[CaliendoParro, Array]:
    """Return the world of 1993 without deficits, and duties with those of 2005 among members."""
    given = np.load(inputs)
    regions = tuple(str(label) for label in given["countries"])
    sectors = tuple(str(j + 1) for j in range(len(given["theta"])))
    pairs = (len(sectors), len(regions), len(regions))
    trade, before, after = np.zeros(pairs), np.zeros(pairs), np.zeros(pairs)
    trade[:TRADED] = 1000.0 * given["imports1993_kUSD"]
    before[:TRADED], after[:TRADED] = given["tariff1993"], given["tariff2005"]
    world = caliendo_parro_world(
        Tables(
            regions, sectors, given["theta"], trade, given["gross_output"], given["va_share"],
            given["io_share"], before, unit="USD",
        ),
        REPAIRS,
    )  # fmt: skip
    members = [regions.index(member) for member in MEMBERS]
    cut = before.copy()
    block = np.ix_(range(pairs[0]), members, members)
    cut[block] = after[block]
    return world, cut


def _found(asked: tuple[CaliendoParro, Array]) -> dict[str, Array]:
    world, cut = asked
    answer = world.counterfactual(Shock(tariff=cut))
    members = [answer.regions.index(member) for member in MEMBERS]
    parts = answer.decomposition
    return {
        "terms_of_trade": parts[f"{TERMS}, {PRINTED}"][members],
        "volume_of_trade": parts[f"{VOLUME}, {PRINTED}"][members],
        "welfare": parts[f"welfare, {PRINTED}"][members],
        "real_wage": 100.0 * (answer.real_wage[members] - 1.0),
        "imports_from_members": _growth(answer, members),
        "exact_real_income": parts[EXACT][members],
    }


def _growth(answer: Counterfactual, members: list[int]) -> Array:
    """Return the growth of each member's imports from the others, without duty, per cent."""
    block = np.ix_(range(len(answer.sectors)), members, members)
    before, after = (
        (levels.trade[block] * (1.0 - np.eye(len(members)))).sum(axis=(0, 2))
        for levels in (answer.before, answer.after)
    )
    return 100.0 * (after / before - 1.0)
