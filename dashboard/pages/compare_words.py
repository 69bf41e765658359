"""The sentences of Compare: how far the two sides may be compared, what overlaps, why a side is empty."""

from dashboard import i18n
from dashboard.i18n import number, t, tn
from dashboard.pages.compare_pairs import dose
from dashboard.pages.compare_reading import Reading, absence, main_measure, received, series, value_at

CLASSES = {
    "fixed_dose": "class.fixed_dose",
    "banded": "class.banded",
    "co_movement": "class.co_movement",
    "do_not_compare": "class.do_not_compare",
    "alone": "class.alone",
}
ABSENCES = {
    "no_service_recorded": "absence.no_service_recorded",
    "no_commodity_paired": "absence.no_commodity_paired",
    "reported_above": "absence.reported_above",
    "no_form_here": "absence.no_form_here",
    "not_carried": "absence.not_carried",
    "closed": "absence.closed",
    "no_report": "absence.no_report",
    "outside_group": "absence.outside_group",
}


def title(reading: Reading) -> str:
    """``Three-month injectable in Agneby-Tiassa-Me``."""
    return t("compare.title", pair=reading.pair.name[i18n.language()], place=reading.place.name)


def class_words(reading: Reading) -> list[str]:
    """The pair's class, and what one service uses where that is fixed."""
    words = [_class(reading.pair.kind)]
    if reading.pair.expected:
        expected = reading.pair.expected
        words.append(tn("compare.expected", expected, dose=dose(expected)))
    return words


def _class(kind: str) -> str:
    return t(CLASSES[kind])


def caution(reading: Reading) -> dict[str, str]:
    """What to keep in mind before comparing, the strong words first."""
    language, pair = i18n.language(), reading.pair
    if pair.kind == "alone":
        return {"strong": t("compare.alone"), "text": pair.why[language]}
    if pair.kind == "do_not_compare":
        return {"strong": t("compare.do_not_compare"), "text": pair.why[language]}
    level = reading.comparison.overlap.level
    if level < len(reading.country.levels):
        return {"strong": t("compare.movements"), "text": f"{_universes(reading, level)} {_overlap(reading)}"}
    return {
        "strong": t("compare.same_places", places=reading.level_name(level, plural=True)),
        "text": f"{t('compare.same_places_text')} {_overlap(reading)}",
    }


def _overlap(reading: Reading) -> str:
    """What the two sides have in common here in the period looked at, as a sentence."""
    text = t("compare.overlap_here", period=reading.label, overlap=overlap(reading, 0))
    return text[:1].upper() + text[1:]


def _universes(reading: Reading, level: int) -> str:
    whole, lowest = reading.level_name(level, plural=True), len(reading.country.levels)
    if reading.borrowed:
        text = t("compare.universes_borrowed", above=reading.borrowed.name, place=reading.place.name)
    elif reading.address.grain == "month":
        sites = received(reading.comparison, "commodity", "consumed")[reading.at][1]
        names = reading.level_count(lowest, sites)
        text = t("compare.universes", whole=whole, count=number(sites), sites=names)
    else:  # reports of several months do not say how many facilities there are
        text = t("compare.universes_some", whole=whole, sites=reading.level_name(lowest, plural=True))
    if reading.services.has("service_report", "consumed"):
        text += " " + t("compare.universes_dashed")
    return text


def why_empty(reading: Reading, side: str, unit: int = 0) -> str:
    """Why a unit has no figures on a side; empty when it has some."""
    found = absence(reading.comparison, side, unit)
    if found is None:
        return ""
    return t(ABSENCES[found.code], above=_above(reading))


def _above(reading: Reading) -> str:
    """The unit that reports for those below it, else what units of its level are called."""
    if reading.borrowed:
        return reading.borrowed.name
    return t("compare.the_level", level=reading.level_name(reading.comparison.overlap.level))


def overlap(reading: Reading, unit: int) -> str:
    """What the two sides have in common in a place, in words."""
    if unit not in reading.overlaps:
        reading.overlaps[unit] = _overlap_of(reading, unit)
    return reading.overlaps[unit]


def _overlap_of(reading: Reading, unit: int) -> str:
    level, place = reading.comparison.overlap.level, reading.places[unit]
    if not reading.pair.services:
        return t("compare.supplies_only", supplies=_of(_received(reading, "commodity", unit)))
    if place.level < level:
        return _overlap_of_many(reading, unit)
    reasons = {side: why_empty(reading, side, unit) for side in ("service", "commodity")}
    services = reasons["service"] or _services_cover(reading, unit)
    supplies = reasons["commodity"] or _supplies_cover(reading, unit)
    return t("compare.overlap_place", services=services, supplies=supplies)


def overlap_lines(reading: Reading, unit: int) -> list[str]:
    """The same in two short lines where a place has many below it: places on both sides, and reports."""
    shared, place = reading.comparison.overlap, reading.places[unit]
    if not reading.pair.services or place.level >= shared.level:
        return [overlap(reading, unit)]
    places = float(shared.places[unit, reading.at])
    both = number(float(shared.both[unit, reading.at]))
    units = reading.level_count(shared.level, places)
    reports = {
        side: _of(_received(reading, side, unit), "compare.n_of_short") for side in ("service", "commodity")
    }
    return [
        t("compare.overlap_both", both=both, places=number(places), units=units),
        t("compare.overlap_reports", services=reports["service"], supplies=reports["commodity"]),
    ]


def _overlap_of_many(reading: Reading, unit: int) -> str:
    shared = reading.comparison.overlap
    places = float(shared.places[unit, reading.at])
    return t(
        "compare.overlap_many",
        both=number(float(shared.both[unit, reading.at])),
        places=number(places),
        units=reading.level_count(shared.level, places),
        services=_of(_received(reading, "service", unit)),
        supplies=_of(_received(reading, "commodity", unit)),
    )


def _received(reading: Reading, side: str, unit: int) -> tuple[int, int]:
    return received(reading.comparison, side, main_measure(side), unit)[reading.at]


def _of(reports: tuple[int, int], words: str = "compare.n_of") -> str:
    return t(words, n=number(reports[0]), expected=number(reports[1])) if reports[1] else "–"


def _services_cover(reading: Reading, unit: int) -> str:
    if value_at(series(reading.comparison, "service", "count", unit=unit), reading.at) is None:
        return t("compare.services_missing")
    if reading.places[unit].level == len(reading.country.levels):
        return _facility_covers(reading, "service", unit)
    return t("compare.services_whole", level=reading.level_name(reading.places[unit].level))


def _facility_covers(reading: Reading, side: str, unit: int) -> str:
    """Whether a facility reported; of several months, how many reports it sent."""
    n, expected = _received(reading, side, unit)
    if not expected:
        return t("compare.none_due_here")
    if reading.address.grain != "month":
        return t("compare.reports_of", n=number(n), expected=number(expected))
    return t("compare.supplies_reported") if n else t("compare.supplies_missing")


def _supplies_cover(reading: Reading, unit: int) -> str:
    n, expected = received(reading.comparison, "commodity", "consumed", unit)[reading.at]
    lowest = len(reading.country.levels)
    if reading.places[unit].level == lowest:
        return _facility_covers(reading, "commodity", unit)
    if reading.address.grain != "month":  # a facility sends a report a month
        return t("compare.reports_of", n=number(n), expected=number(expected))
    return t(
        "compare.supplies_sites",
        n=number(n),
        expected=number(expected),
        sites=reading.level_count(lowest, expected),
    )
