"""Exact units: a mile is 1,609.344 metres (Weights and Measures Act 1985)."""

MM_PER_MILE = 1609344
MM_PER_METRE = 1000
