"""The five states of a figure. Missing is never zero, and what is not carried is never stocked out."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

REPORTED = "reported"
ZERO = "zero"
MISSING = "missing"
NOT_APPLICABLE = "not_applicable"
IMPUTED = "imputed"
STATES = (REPORTED, ZERO, MISSING, NOT_APPLICABLE, IMPUTED)

# Strings by reference: an array of fixed-width text would copy 56 bytes a figure.
_NAMES = np.array(STATES, dtype=np.object_)


def states(
    value: npt.NDArray[np.float64],
    reported: npt.NDArray[np.int32],
    expected: npt.NDArray[np.int32],
    imputed_share: npt.NDArray[np.float64],
) -> npt.NDArray[np.object_]:
    """The state of every figure, from its value, NaN where there is none, and the reports it stands on.

    Nothing expected: not applicable. No value: missing. Any part imputed: imputed. A zero that comes only
    from units which do not carry the product, while those that do are silent: not applicable. Else zero or
    reported.

    >>> import numpy as np
    >>> value = np.array([5.0, 0.0, np.nan, 0.0, 5.0, 0.0])
    >>> received, expected = np.array([1, 1, 0, 0, 1, 0]), np.array([1, 1, 1, 0, 1, 2])
    >>> states(value, received, expected, np.array([0, 0, 0, 0, 0.5, 0])).tolist()
    ['reported', 'zero', 'missing', 'not_applicable', 'imputed', 'not_applicable']
    """
    code = (value == 0).astype(np.int8)
    if imputed_share.any():
        np.copyto(code, 4, where=imputed_share > 0)
    np.copyto(code, 2, where=np.isnan(value))
    np.copyto(code, 3, where=(expected == 0) | ((reported == 0) & (value == 0)))
    names: npt.NDArray[np.object_] = _NAMES.take(code)
    return names
