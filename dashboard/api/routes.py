"""Every address of the interface, added to a server."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from dashboard.api import (
    briefs,
    change,
    compare,
    definitions,
    indicators,
    movements,
    openapi,
    reported,
    reports,
    store,
    store_differences,
    store_history,
    store_requests,
    store_review,
    transfers,
    words,
)
from dashboard.brief_desk import BriefDesk
from dashboard.live_examples import LiveExamples
from dashboard.logistics import LogisticsDesk
from dashboard.report_desk import ReportDesk
from dashboard.store_deliveries import DeliveryDesk
from dashboard.stores import StoreDesk
from dashboard.words import Words
from ledger.database import Database


@dataclass(frozen=True)
class Desks:
    """Who answers what is asked."""

    indicators: LogisticsDesk
    words: Words
    briefs: BriefDesk
    reports: ReportDesk
    stores: StoreDesk

    @classmethod
    def of(cls, database: Database, desk: LogisticsDesk, folder: Path) -> "Desks":
        """Those of an installation that keeps its data in FOLDER."""
        return cls(
            indicators=desk,
            words=Words(database, desk.figures, desk.figures.country),
            briefs=BriefDesk.of(database, desk.figures, folder / "briefs"),
            reports=ReportDesk.of(database, desk, folder / "reports"),
            stores=StoreDesk(database, desk.figures),
        )


def install(server: Flask, desks: Desks) -> None:
    """Add the routes below `/api/v1`."""
    desk, kept_words, figures = desks.indicators, desks.words, desks.indicators.figures
    compare.install(server, figures, kept_words)
    change.install(server, figures)
    reported.install(server, figures)
    words.install(server, kept_words)
    definitions.install(server, LiveExamples(desk))
    indicators.install(server, desk)
    transfers.install(server, desk)
    briefs.install(server, desks.briefs)
    reports.install(server, desks.reports)
    movements.install(server, desks.stores)
    store.install(server, desks.stores)
    store_history.install(server, desks.stores)
    store_differences.install(server, DeliveryDesk(desks.stores))
    store_requests.install(server, desks.stores)
    store_review.install(server, desks.stores)
    openapi.install(server, figures.country)
