"""The supervision sheet of a place, to be printed: alerts, reports that lack, last stocks and counts."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape

import numpy as np
from flask import Flask, Response, request

from accounts import Person, current
from accounts.guard import problem
from dashboard import i18n
from dashboard.alerts import AlertDesk, Asked
from dashboard.alerts_look import MONTHS
from dashboard.alerts_words import AlertWords, told
from dashboard.application import document
from dashboard.i18n import day, month, number, t
from dashboard.programme import months_before
from dashboard.questions import NotInScopeError, QuestionError
from dashboard.readable import unread
from dashboard.refusals import refused
from indicators.compare import View
from indicators.question import Question, Subject
from indicators.reporting import reporting
from ledger.alert_counts import last_counts
from ledger.database import Database

PATH = "/alerts/sheet"
MOST_ALERTS = 20
Row = Sequence[str]


def install(server: Flask, desk: AlertDesk, database: Database) -> None:
    """Serve the sheet."""

    def sheet() -> Response:
        person = current()
        if person is None:
            return problem(401, "Nobody is logged in.")
        try:
            with i18n.use(request.args.get("lang")):
                return Response(Sheet(desk, database, person).made(request.args.get("unit", "")))
        except QuestionError as refusal:
            return refused(refusal)

    server.add_url_rule(PATH, "alerts_sheet", sheet, methods=["GET"])


class Sheet:
    """Makes the sheet of a place for a person.

    Args:
        desk: the alerts.
        database: where stores' counts are.
        person: who asks.
    """

    def __init__(self, desk: AlertDesk, database: Database, person: Person) -> None:
        self._desk, self._database, self._person = desk, database, person
        self._holding = desk.figures.holding()
        self._words = AlertWords(self._holding, desk.country)

    def made(self, unit: str) -> str:
        """The sheet as a whole HTML page.

        Raises:
            QuestionError: there is no such unit, or it is not one's own.
        """
        row = self._desk.figures.unit(unit, self._person.scope)
        if not self._person.scope.sees(str(row["path"])):
            raise NotInScopeError("unit", t("alerts.not_yours"), t("alerts.not_yours_remedy"))
        place = str(row["id"])
        title = t("alerts.sheet_title", place=self._words.place(place), day=day(datetime.now(UTC)))
        body = (
            f"<h1>{escape(title)}</h1>"
            f"<h2>{escape(t('alerts.sheet_alerts'))}</h2>{self._alerts(place)}"
            f"<h2>{escape(t('alerts.sheet_gaps'))}</h2>{self._gaps(place)}"
            f"<h2>{escape(t('alerts.sheet_counts'))}</h2>{self._stocks(place)}"
            f'<p class="signed">{escape(t("alerts.sheet_signed"))}</p>'
        )
        return document(title, f'<article class="supervision">{body}</article>')

    def _alerts(self, place: str) -> str:
        """The open alerts of the place alone, each with what to check and a line to write on."""
        found = self._desk.listed(Asked(place), self._person).alerts[:MOST_ALERTS]
        if not found:
            return f"<p>{escape(t('alerts.none'))}</p>"
        items = []
        for each in found:
            said = self._desk.said(each, self._person)
            checks = "".join(f"<li>☐ {escape(text)}</li>" for text in said.checks)
            beside = escape(" ".join(said.beside))
            text = f"<b>{escape(said.sentence)}</b> {beside}<ul>{checks}</ul>"
            items.append(f'<li>{text}<div class="blank-line"></div></li>')
        return f"<ol>{''.join(items)}</ol>"

    def _gaps(self, place: str) -> str:
        """The reports of the last months that were expected and did not come."""
        last = self._desk.figures.months()[1]
        view = View(unit=place, first=months_before(last, MONTHS - 1), last=last, children=False)
        rows: list[Row] = []
        for form in self._holding.forms.index:
            if not self._person.scope.reads(self._holding.data_sets[str(form)]):
                continue
            found = reporting(self._holding.rollup, str(form), view)
            missing = np.flatnonzero(found.n_expected[0] > found.n_received[0])
            if len(missing):
                names = ", ".join(i18n.period(found.periods[each]) for each in missing)
                rows.append((str(self._holding.forms.loc[form, "name"]), names))
        return _table(rows) if rows else f"<p>{escape(t('alerts.sheet_no_gaps'))}</p>"

    def _stocks(self, place: str) -> str:
        """What each product last stood at, by report and by count, with room for what is found."""
        holding, last = self._holding, self._desk.figures.months()[1]
        items = holding.rollup.items
        codes = [str(code) for code in items["code"][(items["kind"] == "commodity").to_numpy()]]
        closed, _ = unread(holding, codes, self._person.scope)
        subjects = tuple(Subject.product(code) for code in codes if code not in closed)
        logistics = self._desk.desk.logistics()
        asked = Question((place,), subjects, last, last)
        stock, months = logistics.ask("stock", asked), logistics.ask("months_of_stock", asked)
        counts = last_counts(self._database, place)
        ids = dict(zip(items["code"].astype(str), items["id"].astype(str), strict=True))
        rows: list[Row] = []
        for at, subject in enumerate(subjects):
            if not stock.expected[0, at, 0] and np.isnan(stock.value[0, at, 0]):
                continue
            count = counts.get(ids[subject.id])
            counted = t("alerts.sheet_counted", day=day(count.at), n=number(count.packs)) if count else "–"
            held, lasts = _known(stock.value[0, at, 0]), _known(months.value[0, at, 0])
            rows.append((self._words.item(subject.id), told(held), number(lasts, 1), counted, ""))
        heads = (
            t("alerts.sheet_item"), t("alerts.sheet_stock", month=month(last)), t("alerts.sheet_months"),
            t("alerts.sheet_last_count"), t("alerts.sheet_seen"),
        )  # fmt: skip
        return _table(rows, heads)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


def _table(rows: Iterable[Row], heads: Row = ()) -> str:
    head = "".join(f'<th scope="col">{escape(each)}</th>' for each in heads)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    table = f'<table class="table"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
    return f'<div class="scroll" tabindex="0">{table}</div>'
