"""Print how much longer ways are than straight lines in an area, by distance: the source of two figures of rates.yaml.

Run from the project's root:

    python -m scripts.measure_detours AREA.gpkg
"""

from __future__ import annotations

import sys
from pathlib import Path

from eligibility.geography import Area
from eligibility.modelling.measuring.detours import SHARES, detours

BANDS_KM = ((0.5, 1.0), (1.0, 2.0), (2.0, 3.0), (3.0, 4.0), (4.0, 6.0), (6.0, 10.0), (10.0, 20.0), (2.0, 10.0))

if __name__ == "__main__":
    area = Area.open(Path(sys.argv[1]))
    print(f"{area.name} {area.content_hash}; ratios below which {', '.join(f'{each:.0%}' for each in SHARES)} lie")
    for found in detours(area, BANDS_KM):
        print(
            f"{found.from_km:g}-{found.to_km:g} km: {found.pairs:,} pairs, on foot {found.walking}, road {found.road}"
        )
