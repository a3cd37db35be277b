from __future__ import annotations

from pathlib import Path

import pytest

from accord.assessment import Assessment
from accord.assessment.assess import assess_named
from accord.assessment.sampling import Sampling, default_draws

# Cormark's duty on metal ends for Borland only; toyland's own law is in its pack.
DEAL = """
[deal]
title = "Borland's metal <free> of duty & more"
date = 2020-07-01
status = "hypothetical"
pack = ["toyland"]
default_variant = "free"

[[source]]
id = "own"
title = "Made for this test"
publisher = "accord"

# Parties are countries of this world; toyland's regions are not.
[[party]]
code = "NOR"
name = "Norway"

[[term]]
id = "end-duty"
kind = "lift"
title = "Cormark ends its duty on Borland's metal"
measures = ["ccc.metal_duty_2020"]
goods = ["metal"]
exporters = ["BBB"]
importers = ["CCC"]
source = "own"

[[term]]
id = "friendship"
kind = "unmodelled"
what = "a festival of friendship"
why = "nobody has measured one"
source = "own"

[variant.free]
title = "All of it"

[variant.banned]
title = "A ban on top: the duty's end does nothing"

[[variant.banned.term]]
id = "ban"
kind = "ban"
goods = ["metal"]
exporters = ["BBB"]
importers = ["CCC"]
source = "own"

[variant.closing]
title = "A smelter closes, and no trade is touched"
drop = ["end-duty"]

[[variant.closing.term]]
id = "close"
kind = "closure"
region = "BBB"
activity = "smelter"
share = "50 %"
source = "own"

[variant.nothing]
title = "Nothing that counts"
drop = ["end-duty"]
"""


@pytest.fixture(scope="session")
def deal_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("deals") / "borland.toml"
    path.write_text(DEAL, "utf-8")
    return path


@pytest.fixture(scope="session")
def free(deal_file: Path) -> Assessment:
    return assess_named(str(deal_file))


@pytest.fixture(scope="session")
def banned(deal_file: Path) -> Assessment:
    return assess_named(f"{deal_file}:banned")


@pytest.fixture(scope="session")
def closing(deal_file: Path) -> Assessment:
    return assess_named(f"{deal_file}:closing")


@pytest.fixture(scope="session")
def nothing(deal_file: Path) -> Assessment:
    return assess_named(f"{deal_file}:nothing")


@pytest.fixture(scope="session")
def founding() -> Assessment:
    return assess_named("us-russia-2025")


@pytest.fixture(scope="session")
def printed() -> Assessment:
    """The founding case as `accord run us-russia-2025` prints it, with all of its draws."""
    answer = assess_named("us-russia-2025", sampling=Sampling(default_draws("share")))
    assert isinstance(answer, Assessment)
    return answer


@pytest.fixture(scope="session")
def drawn() -> Assessment:
    """The founding case with ranges."""
    answer = assess_named("us-russia-2025", sampling=Sampling(60, seed=3))
    assert isinstance(answer, Assessment)
    return answer
