"""Distributions, low-discrepancy points, quantiles and sensitivity indices on bare arrays."""
