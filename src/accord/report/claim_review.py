"""The ledger as ClaimReview, the vocabulary in which fact checks are exchanged (schema.org)."""

from __future__ import annotations

from typing import Any

from accord import __version__
from accord.assessment.assessment import Answer
from accord.claims import JudgedClaim
from accord.claims.verdict import Verdict

CONTEXT = "https://schema.org"
# From worst to best as ClaimReview has it; what cannot be rated has a name and no number.
RATINGS: dict[Verdict, int] = {"contradicted": 1, "depends": 3, "supported": 5}


def claim_reviews(a: Answer) -> dict[str, Any]:
    """Return the ledger as one JSON-LD object, a ClaimReview for each claim."""
    return {"@context": CONTEXT, "@graph": [_review(a, claim) for claim in a.ledger.claims]}


def _review(a: Answer, claim: JudgedClaim) -> dict[str, Any]:
    name = a.deal.slug if a.deal.variant is None else f"{a.deal.slug}:{a.deal.variant}"
    return {
        "@type": "ClaimReview",
        "@id": f"#{claim.id}",
        "claimReviewed": claim.says,
        "author": {"@type": "Organization", "name": f"accord {__version__}, deal {name}"},
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Person", "name": claim.speaker},
            "datePublished": a.deal.date.isoformat(),
            "appearance": {"@type": "CreativeWork", "name": claim.source},
        },
        "reviewRating": _rating(claim),
        "reviewBody": " ".join(
            f"{reading.asserts[:1].upper()}{reading.asserts[1:]}: {reading.verdict}. {reading.full}"
            for reading in claim.readings
        ),
    }


def _rating(claim: JudgedClaim) -> dict[str, Any]:
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": claim.verdict}
    value = RATINGS.get(claim.verdict)
    if value is not None:
        rating |= {"ratingValue": value, "bestRating": 5, "worstRating": 1}
    return rating
