"""Whole forms that stand where they do not belong."""

from collections import Counter

import numpy as np

from demo.whotopia import copied_forms, habits, lateness

OF_NAMESAKES = {"typed under another facility", "typed twice"}


def test_forms_of_namesakes_are_mixed_up(whole):
    """In the whole country, for there are few of one name."""
    filled = habits.filled(whole.world, whole.form, whole.arrivals)
    copied_forms.plant(whole.world, filled)
    facilities = whole.world.places.facilities
    times = Counter(facility.name for facility in facilities)
    for kind in OF_NAMESAKES:
        under = {facility for (_, facility, _), planted in filled.errors.items() if planted == kind}
        assert under and min(times[facilities[facility].name] for facility in under) > 1
    lost = np.argwhere(filled.lost < lateness.NEVER)
    assert len(lost) >= 3
    for facility, column in lost:
        name, month = facilities[facility].name, filled.form.true[:, facility, column]
        assert filled.arrivals.first[facility, column] == lateness.NEVER
        namesakes = [n for n, other in enumerate(facilities) if other.name == name and n != facility]
        offered = whole.form.kept[:, facility, column] & (month > 30)
        found = [
            np.abs(filled.values[offered, n, column] - month[offered]).max(initial=0) <= 5 for n in namesakes
        ]
        assert any(found)
