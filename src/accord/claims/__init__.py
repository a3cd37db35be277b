"""Claims: what was said of a deal, judged by data and by the model, reading by reading."""

from accord.claims.judge import Scene, judge, table_faults, words_of
from accord.claims.ledger import Judged, JudgedClaim, Ledger, Row

__all__ = ["Judged", "JudgedClaim", "Ledger", "Row", "Scene", "judge", "table_faults", "words_of"]
