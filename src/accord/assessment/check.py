"""Everything that is wrong with a deal file, in all its variants, without answering it."""

from __future__ import annotations

from pathlib import Path

from accord import claims as ledger
from accord import deal as deals
from accord import pack as data
from accord.assessment import parts
from accord.deal.loader import read
from accord.errors import Fault


def faults_of(path: Path) -> tuple[Fault, ...]:
    """Return every fault of a deal file. Raises ``InputError`` where there is no text to read."""
    names = (*data.shipped(), *_own_packs(path))
    loaded = {name: data.load(name) for name in names if data.kind_of(name) == "market"}
    others = tuple(name for name in names if name not in loaded)
    return deals.examine(
        path,
        tuple(loaded),
        lambda name, day: loaded[name].market(loaded[name].default_year(day), day),
        lambda name: [measure.id for measure in loaded[name].measures],
        deals.Beside(
            others,
            lambda deal: (*parts.faults(deal, deal.as_of), *ledger.table_faults(deal)),
            ledger.words_of(path),
        ),
    )


def _own_packs(path: Path) -> tuple[str, ...]:
    """Return the folders with packs of their own that a deal file names."""
    deal, _ = read(path)
    named = () if deal is None else deal.packs
    return tuple(name for name in named if (Path(name) / "pack.toml").is_file())
