"""What services can do when what they need is out of stock."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from demo.whotopia.catalogue import Catalogue
from demo.whotopia.doses import uses

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Counts = npt.NDArray[np.int32]

NEEDS: Mapping[str, tuple[str, ...]] = {
    "MAL_TESTED": ("MAL_RDT",),
    "MAL_CONFIRMED": ("MAL_RDT",),
    "MAL_TREATED_U5": ("ACT_6X1", "ACT_6X2"),
    "MAL_TREATED_5_14": ("ACT_6X2", "ACT_6X3"),
    "MAL_TREATED_15P": ("ACT_6X4",),
    "HIV_TESTED": ("HIV_RDT1",),
    "HIV_POSITIVE": ("HIV_RDT1",),
    "FP_PILL": ("PILL_COC", "PILL_POP"),
    "FP_INJ3": ("DMPA_IM", "DMPA_SC"),
    "FP_IMPLANT": ("IMPLANT_LNG", "IMPLANT_ETN"),
    "FP_IUD": ("IUD_CU",),
    "IPTP": ("SP",),
    "PENTA1": ("PENTA",),
    "PENTA3": ("PENTA",),
    "MEASLES1": ("MEASLES_V",),
}
"""Services that fall when one of these is out and nothing of its family could stand in. All others go on:
people fall ill, bear children and stay on treatment whatever the shelves hold, and a fever without a test is
seen and, if it must be, treated all the same."""
TOGETHER: Mapping[str, tuple[str, ...]] = {"DIARRHOEA_ORS_ZINC": ("ORS", "ZINC")}
"""Services that take all of these at once, so that the scarcest decides."""
PARTS = ("MAL_CONFIRMED", "HIV_POSITIVE")
"""Parts of another service, rounded down so that they never exceed it."""


def served(catalogue: Catalogue, wanted: Counts, missed: Floats, stocked: Flags) -> Counts:
    """What the services did.

    Args:
        catalogue: what is counted.
        wanted: people who came, `[service, facility, month]`.
        missed: share of each commodity's need that could not be met, `[commodity, facility, month]`.
        stocked: whether it is kept there at all, same shape; where it is not, others bring what is needed.

    Returns:
        As `wanted`, and never more.
    """
    done = wanted.copy()
    table = uses(catalogue)
    for code, needs in NEEDS.items():
        service = catalogue.service(code)
        rows = [catalogue.commodity(need) for need in needs]
        weights = np.maximum(table[rows, service], 0 if table[rows, service].any() else 1)
        parts = weights[:, None, None] * stocked[rows]
        total = parts.sum(axis=0)
        share = (parts * missed[rows]).sum(axis=0) / np.where(total > 0, total, 1)
        up = 0.0 if code in PARTS else 0.5
        done[service] = np.floor(wanted[service] * (1 - share) + up)
    for code, needs in TOGETHER.items():
        service = catalogue.service(code)
        rows = [catalogue.commodity(need) for need in needs]
        share = (missed[rows] * stocked[rows]).max(axis=0)
        done[service] = np.floor(wanted[service] * (1 - share) + 0.5)
    return done
