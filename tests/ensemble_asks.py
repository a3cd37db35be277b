"""Asks of ensembles for tests: shipped deals, and deals of toyland made for the purpose."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from accord import deal as deals
from accord import pack
from accord.claims import words_of
from accord.deal import shipped_deals
from accord.ensemble.ask import Ask
from accord.ensemble.drawn import Drawn
from accord.pack.number_names import ACCESS
from accord.pack.priors import Prior

HEAD = """
[deal]
title = "A test"
date = 2021-07-01
status = "hypothetical"
pack = ["toyland"]
summary = "A deal made for a test."

[[source]]
id = "own"
title = "Made for a test"
publisher = "The tests"

[[party]]
code = "AAA"
name = "Arvland"
"""
DUTY = """
[[term]]
id = "duty"
kind = "import_duty"
title = "A duty on metal"
goods = ["metal"]
exporters = ["AAA"]
importers = ["CCC"]
ad_valorem = "10 %"
source = ["own"]
"""
NEW_SMELTER = """
[[term]]
id = "works"
kind = "capacity"
title = "A new smelter like another"
region = "BBB"
activity = "smelter"
like = "smelter.AAA"
level = "50 kt/yr"
power_price = "20 USD/MWh"
source = ["own"]
"""
CLOSURE = """
[[term]]
id = "less"
kind = "closure"
title = "A third less capacity"
region = "AAA"
activity = "smelter"
share = "30 %"
source = ["own"]
"""
QUOTA = """
[[term]]
id = "quota"
kind = "import_quota"
title = "A quota that binds in some draws only"
goods = ["metal"]
exporters = ["BBB"]
importers = ["CCC"]
quantity = "190 kt/yr"
source = ["own"]
"""
MINIMUM = """
[[term]]
id = "minimum"
kind = "supply_commitment"
title = "A minimum that can be met in some draws only"
goods = ["metal"]
exporters = ["AAA"]
importers = ["CCC"]
at_least = "{tonnes} t/yr"
payer = "CCC"
source = ["own"]
"""
NOTHING = """
[[term]]
id = "words"
kind = "unmodelled"
title = "Friendship"
what = "friendship"
why = "it moves no metal"
source = ["own"]
"""


@cache
def loaded(name: str) -> pack.Pack:
    return pack.load(name)


def ask_of(name: str, variant: str | None = None) -> Ask:
    """The ask of a shipped deal about a market."""
    path = shipped_deals()[name]
    chosen = deals.load(path, words_of(path)).variant(variant)
    market = next(name for name in chosen.packs if pack.kind_of(name) == "market")
    return Ask(chosen, loaded(market), chosen.as_of)


def toy_ask(folder: Path, *terms: str, closure: str = "share") -> Ask:
    """The ask of a deal of toyland with these terms."""
    path = folder / "deal.toml"
    path.write_text(HEAD + "".join(terms), encoding="utf-8")
    deal = deals.load(path, words_of(path))
    return Ask(deal, loaded("toyland"), deal.as_of, closure)


def some_draws(ask: Ask, count: int, seed: int = 0) -> Drawn:
    """Values all over the range of every prior, of those of toyland that are fixed too."""
    random = np.random.default_rng(seed)
    rows = ask.pack.priors.rows
    columns = [random.uniform(*_range(row), count) for row in rows]
    keys = (*(row.key for row in rows), ACCESS)
    return Drawn(keys, np.stack([*columns, random.normal(size=count)], axis=1))


def _range(row: Prior) -> tuple[float, float]:
    return (row.low, row.high) if row.low < row.high else (0.8 * row.median, 1.25 * row.median)
