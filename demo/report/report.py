"""Measures a simulated Whotopia and Côte d'Ivoire, and sets one beside the other."""

from __future__ import annotations

import numpy as np

from demo.report import country, pictures, services
from demo.report.figures import Figure, of_consumption, of_pairs, of_reporting, of_stocks
from demo.report.page import Content
from demo.whotopia.seed import Simulated
from demo.whotopia.timeline import first_day

DEADLINE = 15
"""The day of the next month by which a report is on time."""


def content(simulated: Simulated) -> Content:
    """All that the page shows of a country."""
    blocks = [*simulated.reports.blocks()]
    ours, real = country.whotopia(simulated.world, blocks), country.civ()
    drawn = pictures.of_both(ours, real)
    drawn |= pictures.of_whotopia(ours, simulated.world.places, simulated.demand.happenings)
    values = sum(len(block.values) for block in blocks)
    return Content(simulated, ours, figures(simulated, ours, real), drawn, values)


def figures(simulated: Simulated, ours: country.Reported, real: country.Reported) -> list[Figure]:
    """Every figure, generated beside measured."""
    return [
        *of_consumption(ours, real),
        *of_stocks(ours, real),
        *of_pairs(ours, real),
        *of_reporting(ours, real, timely(simulated)),
        *services.of_services(ours, simulated.world.places, simulated.demand.happenings),
    ]


def timely(simulated: Simulated) -> float:
    """Share of the reports of the months until two ago that came by the deadline, of those that came."""
    received = on_time = 0
    for filled in simulated.reports.forms:
        months = np.arange(filled.arrivals.first.shape[1]) + filled.form.start
        whole = (months >= simulated.world.timeline.first_shown) & (
            months < simulated.world.timeline.size - 2
        )
        due = np.array([first_day(int(month) + 1).toordinal() + DEADLINE - 1 for month in months])
        first = filled.arrivals.first[:, whole]
        came = first <= simulated.world.timeline.today.toordinal()
        received += int(came.sum())
        on_time += int((came & (first <= due[whole])).sum())
    return on_time / received
