"""Who buys a maker's final sales, where a table tells only how much it sells."""

from __future__ import annotations

import numpy as np

from accord.economy.world import Array

STATED = (
    "final demand by destination is estimated: each maker's final sales go to regions as if every "
    "region bought final goods from the makers from which its industries buy that good, and spent "
    "the same share of its value added on each good"
)


def final_by_destination(by_good: Array, final_sales: Array, value_added: Array) -> Array:
    """Return final sales (N origin, J, N destination), exact by origin and good.

    ``by_good``      (N origin, J, N destination) sales to industries
    ``final_sales``  (N origin, J);  ``value_added`` (N,) by region

    F[i,j,n] = f[i,j] · s[i,j,n] v[n] / Σ_m s[i,j,m] v[m], with s[i,j,n] the share of i in what
    the industries of n buy of good j. The share of value added that is spent on j is the same
    everywhere, so it drops out: the entropy-nearest matrix to that prior with the given sales. A
    maker that sells nothing to industries sells its final goods at home.
    """
    bought = by_good.sum(axis=0, keepdims=True)
    share = np.divide(by_good, bought, out=np.zeros_like(by_good), where=bought > 0.0)
    prior = share * value_added[None, None, :]
    total = prior.sum(axis=2)
    home = np.broadcast_to(np.eye(len(value_added))[:, None, :], prior.shape)
    weight = np.divide(prior, total[:, :, None], out=home.copy(), where=total[:, :, None] > 0.0)
    return final_sales[:, :, None] * weight
