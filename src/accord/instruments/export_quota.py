"""A quota on exports."""

from __future__ import annotations

from accord.instruments.fields import about
from accord.instruments.quota import Quota, RentTo


class ExportQuota(Quota):
    """An upper limit set by exporters, as in a voluntary restraint; they earn the rent."""

    kind: str = "export_quota"
    rent_to: RentTo = about(
        'who earns the scarcity rent: "importer", "exporter", "nobody" or a country',
        '"exporter"',
        "exporter",
    )
