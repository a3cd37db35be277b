"""A quota on imports."""

from __future__ import annotations

from accord.instruments.quota import Quota


class ImportQuota(Quota):
    """An upper limit set by importers; who holds the licences earns the rent.

    By default that is the importer: licences are auctioned or given to its own firms.
    """

    kind: str = "import_quota"
