"""What the country decided about a figure: levels, windows, thresholds, in the reader's words."""

from collections.abc import Callable, Mapping

from countries.configuration import Country
from countries.thresholds import StockLevels
from dashboard import i18n
from dashboard.definition_keys import SETTINGS, TEXTS
from dashboard.definitions import called
from dashboard.i18n import t
from dashboard.quality_words import DIMENSIONS
from dashboard.worked import said
from indicators.definitions import BY_ID, Definition
from indicators.rules import GroupLevels

METHOD_OF = {each.function: each.id for each in BY_ID.values() if each.module == "forecast"}


def settings_of(definition: Definition, country: Country) -> list[str]:
    """A sentence for each thing that the country decides about a figure; none where it decides nothing."""
    return [_SENTENCES[name](country, SETTINGS[name]) for name in definition.settings]


def stock_levels(country: Country) -> str:
    """From how many to how many months a stock is adequate, for each kind of site: `everywhere 1.5–3`."""
    usual = GroupLevels()
    levels = country.stock_levels or (StockLevels("", usual.low, usual.high),)
    return ", ".join(_level(each, alone=len(levels) == 1) for each in levels)


def _levels(country: Country, key: str) -> str:
    return t(key, value=stock_levels(country))


def _level(each: StockLevels, *, alone: bool) -> str:
    months = {"least": said(each.least), "most": said(each.most)}
    if each.group:
        return t("definition_setting.group", group=each.group, **months)
    return (
        t("definition_setting.everywhere", **months) if alone else t("definition_setting.elsewhere", **months)
    )


def _window(country: Country, key: str) -> str:
    return t(key, value=country.logistics.months, least=country.logistics.least)


def _factors(country: Country, key: str) -> str:
    found = ", ".join(f"{method} {said(factor)}" for method, factor in country.couple_years.items())
    return t(key, value=found or t("definition_setting.none"))


def _tracers(country: Country, key: str) -> str:
    names = ", ".join(each.name[i18n.language()] for each in country.tracers)
    return t(key, value=names or t("definition_setting.none"))


def _delivery(country: Country, key: str) -> str:
    day = country.delivery_day
    return t(key, value=t("definition_setting.none") if day is None else day)


def _forecast(country: Country, key: str) -> str:
    return t(key, value=called(TEXTS[METHOD_OF[country.logistics.forecast]]).split("\n")[0])


def _coverage(country: Country, key: str) -> str:
    language = i18n.language()
    found = [
        t(
            "definition_setting.one_coverage",
            name=each.name[language],
            share=i18n.number(each.share * 100, 1),
            each=said(each.each),
            target=each.target[language],
            months=each.months,
            years=each.carried,
            source=each.source[language],
        )
        for each in country.coverage.values()
    ]
    return t(key, value=" ".join(found) or t("definition_setting.none"))


def _share(country: Country, key: str) -> str:
    return t(key, value=i18n.percent(country.thresholds.provisional))


def _quality(country: Country, key: str) -> str:
    """From which share each dimension of the review is good, and from which it is to be watched."""
    found = [
        t(
            "definition_setting.quality_of",
            name=t(DIMENSIONS[name][0]),
            good=i18n.percent(good),
            watch=i18n.percent(watch),
        )
        for name, (good, watch) in country.quality.shares.items()
    ]
    return t(key, value=", ".join(found))


def _threshold(name: str) -> Callable[[Country, str], str]:
    return lambda country, key: t(key, value=said(float(getattr(country.thresholds, name))))


_SENTENCES: Mapping[str, Callable[[Country, str], str]] = {
    "stock_levels": _levels,
    "average_window": _window,
    "couple_years": _factors,
    "tracers": _tracers,
    "delivery_day": _delivery,
    "forecast": _forecast,
    "coverage": _coverage,
    "provisional": _share,
    "quality": _quality,
    **{name: _threshold(name) for name in ("watch", "unusual", "sustained", "history", "few")},
}
