"""What an address of the page on data quality asks for."""

from dataclasses import dataclass, replace
from urllib.parse import parse_qs, urlencode

from dashboard.address import month_name
from dashboard.i18n import LANGUAGES
from dashboard.programme import MONTH
from indicators.quality import RULES

PATH, YEAR, WORST, EVERY = "/quality", 12, "worst", "all"


@dataclass(frozen=True)
class QualityAddress:
    """What an address of the page asks for; None where it leaves the choice to the page.

    Attributes:
        unit: id or code of a unit.
        form: key of a form; None for all.
        month: the last month, `YYYYMM`.
        over: how many months up to it, 1 or 12.
        order: of the places, "worst" or that of the hierarchy.
        rule: whose findings are listed; None for all.
        language: fr or en.
    """

    unit: str | None = None
    form: str | None = None
    month: int | None = None
    over: int = 1
    order: str | None = None
    rule: str | None = None
    language: str | None = None

    @classmethod
    def read(cls, search: object) -> "QualityAddress":
        """Read ``?unit=…&form=…&month=2019-01&over=12``; what cannot be read counts as not asked for."""
        text = search.lstrip("?").encode("utf-8", "replace").decode() if isinstance(search, str) else ""
        given = {name: values[0].strip() for name, values in parse_qs(text).items()}
        found, language = MONTH.fullmatch(given.get("month", "")), given.get("lang")
        return cls(
            unit=given.get("unit") or None,
            form=given["form"] if given.get("form") not in (None, "", EVERY) else None,
            month=int(found[1]) * 100 + int(found[2]) if found else None,
            over=YEAR if given.get("over") == str(YEAR) else 1,
            order=WORST if given.get("order") == WORST else None,
            rule=given["rule"] if given.get("rule") in RULES else None,
            language=language if language in LANGUAGES else None,
        )

    def href(self, **changes: object) -> str:
        """The link to this view, some of it changed."""
        here = replace(self, **changes)  # type: ignore[arg-type]
        parts = {
            "unit": here.unit,
            "form": here.form,
            "month": month_name(here.month),
            "over": str(here.over) if here.over != 1 else None,
            "order": here.order,
            "rule": here.rule,
            "lang": here.language,
        }
        return f"{PATH}?{urlencode({name: value for name, value in parts.items() if value})}"
