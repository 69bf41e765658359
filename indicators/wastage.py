"""What is lost on the way to the patient: doses of opened and unopened vials, losses of stock.

Doses in doses, quantities in dispensing units; arrays `[..., month]`, NaN where not reported. A month's
open-vial wastage may be negative: a vial opened in January that still serves in February is used in one
month and given in the next. It is shown as it is, and `cumulative` is the figure to judge by.

Sources: WHO, vaccine wastage rates (concept note, 2019); WHO immunisation package for DHIS2; TechNet-21,
example of monthly and cumulative wastage; Yeksi Naa, Senegal (taux de perte).
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from indicators.grids import Floats
from indicators.rates import Rate, both, over


def open_vial(opened: npt.ArrayLike, given: npt.ArrayLike) -> Rate:
    """Open-vial wastage: doses of opened vials that nobody was given.

    Numerator: doses opened - doses given. Denominator: doses opened. Unit: share of 1.

    >>> open_vial([240, 180], [200, 195]).value.round(3).tolist()
    [0.167, -0.083]
    """
    used = np.asarray(opened, dtype=np.float64)
    return both(used - np.asarray(given, dtype=np.float64), used)


def closed_vial(wasted: npt.ArrayLike, used: npt.ArrayLike) -> Rate:
    """Closed-vial wastage: doses thrown away unopened (expired, frozen, broken) beside those that were used.

    Numerator: doses wasted unopened. Denominator: doses used. Unit: doses a dose.

    >>> float(closed_vial(10, 200).value)
    0.05
    """
    return both(wasted, used)


def cumulative(rate: Rate) -> Rate:
    """A rate from the first month to each, along the last axis, in which vials carried over even out.

    Numerator: sum of the months' numerators. Denominator: sum of their denominators. Unit: that of the rate.

    >>> cumulative(open_vial([240, 180], [200, 195])).value.round(2).tolist()
    [0.17, 0.06]
    """
    return Rate(*(np.cumsum(part, axis=-1) for part in (rate.numerator, rate.denominator, rate.expected)))


def total(closed: npt.ArrayLike, opened: npt.ArrayLike, levels: int = 1) -> Floats:
    """Wastage of the whole chain from a rate at each store and one at the vaccination.

    Formula: 1 - (1 - closed)^levels x (1 - open). Unit: share of 1.

    >>> round(float(total(0.01, 0.25, levels=3)), 3)
    0.272
    """
    kept = (1 - np.asarray(closed, dtype=np.float64)) ** levels
    return np.asarray(1 - kept * (1 - np.asarray(opened, dtype=np.float64)))


def factor(wastage: npt.ArrayLike) -> Floats:
    """How many doses to order for each that is given.

    Formula: 1 / (1 - wastage). Unit: doses a dose. NaN where all is wasted.

    >>> factor([0.3, 0.5]).round(2).tolist()
    [1.43, 2.0]
    """
    return over(1, 1 - np.asarray(wastage, dtype=np.float64))


def loss_rate(lost: npt.ArrayLike, opening: npt.ArrayLike, received: npt.ArrayLike) -> Rate:
    """Losses (expired, broken, stolen) of what there was to lose; transfers are no losses.

    Numerator: quantity lost. Denominator: opening stock + received. Unit: share of 1.

    >>> float(loss_rate(5, 60, 40).value)
    0.05
    """
    return both(lost, np.asarray(opening, dtype=np.float64) + np.asarray(received, dtype=np.float64))
