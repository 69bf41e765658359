"""Every address of the interface, added to a server."""

from flask import Flask

from dashboard.api import (
    briefs,
    change,
    compare,
    definitions,
    indicators,
    openapi,
    reported,
    transfers,
    words,
)
from dashboard.brief_desk import BriefDesk
from dashboard.live_examples import LiveExamples
from dashboard.logistics import LogisticsDesk
from dashboard.words import Words


def install(server: Flask, desk: LogisticsDesk, kept_words: Words, brief_desk: BriefDesk) -> None:
    """Add the routes below `/api/v1`."""
    figures = desk.figures
    compare.install(server, figures, kept_words)
    change.install(server, figures)
    reported.install(server, figures)
    words.install(server, kept_words)
    definitions.install(server, LiveExamples(desk))
    indicators.install(server, desk)
    transfers.install(server, desk)
    briefs.install(server, brief_desk)
    openapi.install(server, figures.country)
