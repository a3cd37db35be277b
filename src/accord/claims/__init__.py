"""Claims: what was said of a deal, judged by data and by the model, reading by reading."""

from accord.claims.draws import Draws
from accord.claims.judge import Scene, judge, table_faults, words_of
from accord.claims.ledger import Judged, JudgedClaim, Ledger, Row
from accord.claims.part_found import PartResults

__all__ = [
    "Draws",
    "Judged",
    "JudgedClaim",
    "Ledger",
    "PartResults",
    "Row",
    "Scene",
    "judge",
    "table_faults",
    "words_of",
]
