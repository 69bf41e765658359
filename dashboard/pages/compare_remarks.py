"""What people wrote, beside the figures of Compare: remarks on the months, and the tip as it now reads."""

from typing import Any
from zoneinfo import ZoneInfo

from accounts import Person
from countries import Country
from dashboard import i18n
from dashboard.address import month_name
from dashboard.figures.chart import Figure
from dashboard.i18n import day, month, t
from dashboard.tips import blocks
from dashboard.words import TipNow, Words
from ledger.words import Annotation

View = dict[str, Any]
KIND_WORDS = {
    "campaign": "words.kind_campaign",
    "form": "words.kind_form",
    "strike": "words.kind_strike",
    "outbreak": "words.kind_outbreak",
    "supply": "words.kind_supply",
    "other": "words.kind_other",
}
LINE = "rgba(122,135,148,0.85)"


def with_words(answer: tuple[Figure, Figure, View], words: Words, person: Person, country: Country) -> View:
    """What is to be shown of remarks and tip; the remarks are drawn into both charts too.

    They are not part of what is kept of an answer: others write while it is kept.

    Args:
        answer: the two figures, which get a line for each remark, and the view.
        words: where the words are.
        person: who looks.
        country: its time zone.
    """
    *charts, shown = answer
    about = shown["about"]
    remarks = words.remarks(about["unit"], about["pair"], person)
    told = [_remark(each, number, words, person) for number, each in enumerate(remarks, start=1)]
    zone = ZoneInfo(country.time_zone)
    for each, remark in zip(told, remarks, strict=True):
        each["at"] = _period(remark.month, about)
        each["by"] = t("words.by", author=remark.author, day=day(remark.written_at.astimezone(zone)))
    for chart in charts:
        _draw(chart, told)
    tip = words.tip(about["pair"], i18n.language())
    return {
        "remarks": told,
        "may_add": words.may_annotate(about["unit"], person),
        "month": about["month"],
        "tip": _tip(tip, words.may_edit_tips(person)),
        "tip_blocks": blocks(tip.text),
    }


def _remark(remark: Annotation, number: int, words: Words, person: Person) -> View:
    return {
        "id": remark.annotation,
        "revision": remark.revision,
        "mark": number,
        "when": month(remark.month),
        "period": month_name(remark.month),
        "kind": t(KIND_WORDS[remark.kind]),
        "kind_id": remark.kind,
        "text": remark.text,
        "may_change": words.may_change(remark, person),
    }


def _period(asked: int, about: View) -> int | None:
    """Index of the period that a month falls into; None where it lies outside of what is shown."""
    starts = about["starts"]
    if not starts or asked < starts[0] or asked > about["last"]:
        return None
    return max(index for index, start in enumerate(starts) if start <= asked)


def _draw(chart: Figure, remarks: list[View]) -> None:
    """A dotted line and a number for each remark; its words stand below the charts."""
    drawn: dict[int, str] = {}
    for each in remarks:
        if each["at"] is not None:
            drawn[each["at"]] = (
                f"{drawn[each['at']]}, {each['mark']}" if each["at"] in drawn else f"⚑{each['mark']}"
            )
    place = {"xref": "x", "yref": "paper"}
    line = {"type": "line", "y0": 0, "y1": 1, "line": {"color": LINE, "width": 1, "dash": "dot"}}
    layout = chart["layout"]
    layout["shapes"] = [
        *layout.get("shapes", ()),
        *({**place, **line, "x0": at, "x1": at} for at in drawn),
    ]
    layout["annotations"] = [
        *layout.get("annotations", ()),
        *(
            {
                **place,
                "x": at,
                "y": 1,
                "xanchor": "right",
                "yanchor": "top",
                "showarrow": False,
                "text": text,
            }
            for at, text in drawn.items()
        ),
    ]


def _tip(tip: TipNow, may_edit: bool) -> View:
    edited = ""
    if tip.written_at:
        edited = t("words.tip_edited", day=day(tip.written_at), author=tip.author)
    return {"text": tip.text, "revision": tip.revision, "edited": edited, "may_edit": may_edit}
