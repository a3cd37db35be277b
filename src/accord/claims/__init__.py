"""Claims: what was said of a deal, judged by data and by the model, reading by reading."""

from accord.claims.draws import Draws
from accord.claims.judge import Scene, judge, model_of, table_faults, words_of
from accord.claims.ledger import Judged, JudgedClaim, Ledger, Row
from accord.claims.model import Model
from accord.claims.part_found import PartResults
from accord.claims.together import JudgedTogether

__all__ = [
    "Draws",
    "Judged",
    "JudgedClaim",
    "JudgedTogether",
    "Ledger",
    "Model",
    "PartResults",
    "Row",
    "Scene",
    "judge",
    "model_of",
    "table_faults",
    "words_of",
]
