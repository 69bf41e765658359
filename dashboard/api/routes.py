"""Every address of the interface, added to a server."""

from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from dashboard import alerts_sheet
from dashboard.alerts import AlertDesk
from dashboard.api import (
    alerts,
    briefs,
    change,
    compare,
    definitions,
    indicators,
    movements,
    openapi,
    quality,
    reported,
    reports,
    store,
    store_differences,
    store_history,
    store_known,
    store_requests,
    store_review,
    transfers,
    words,
)
from dashboard.brief_desk import BriefDesk
from dashboard.live_examples import LiveExamples
from dashboard.logistics import LogisticsDesk
from dashboard.quality_books import StoreBooks
from dashboard.quality_desk import QualityDesk
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
    alerts: AlertDesk

    @classmethod
    def of(cls, database: Database, desk: LogisticsDesk, folder: Path) -> "Desks":
        """Those of an installation that keeps its data in FOLDER."""
        return cls(
            indicators=desk,
            words=Words(database, desk.figures, desk.figures.country),
            briefs=BriefDesk.of(database, desk.figures, folder / "briefs"),
            reports=ReportDesk.of(database, desk, folder / "reports"),
            stores=StoreDesk(database, desk.figures),
            alerts=AlertDesk(database, desk),
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
    quality.install(server, QualityDesk(figures, StoreBooks(desks.stores.database)))
    briefs.install(server, desks.briefs)
    reports.install(server, desks.reports)
    movements.install(server, desks.stores)
    store.install(server, desks.stores)
    store_history.install(server, desks.stores)
    store_differences.install(server, DeliveryDesk(desks.stores))
    store_known.install(server, desks.stores)
    store_requests.install(server, desks.stores)
    store_review.install(server, desks.stores)
    alerts.install(server, desks.alerts)
    alerts_sheet.install(server, desks.alerts, desks.stores.database)
    openapi.install(server, figures.country)
