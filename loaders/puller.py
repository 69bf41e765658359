"""A full pull of the values: chunk by chunk, each set aside when whole, taken up again when cut short."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

import pyarrow as pa

from loaders.batch import COLUMNS
from loaders.chunks import Chunk
from loaders.dhis2 import Client
from loaders.pull import Examination, Scope
from loaders.staging import Staging
from loaders.years import years_with_values


@dataclass(frozen=True)
class Piece:
    """The raw values of one chunk, and how far the pull is with it.

    Attributes:
        data_sets: ids of the forms that were asked for.
        raw: the rows, columns `loaders.batch.COLUMNS`.
        done, total: chunks at hand and chunks in all.
        began: when the pull began that this one goes on with (the server's clock); None for a new one.
    """

    data_sets: tuple[str, ...]
    raw: pa.Table
    done: int
    total: int
    began: datetime | None


def pieces(client: Client, examination: Examination, staging: Staging) -> Iterator[Piece]:
    """All raw values of the country's forms: first those that were set aside, then the others as they come.

    It waits for no more metadata than it needs, so that values are on their way while the rest is read.

    Args:
        client: the DHIS2.
        examination: its metadata, on the way.
        staging: where chunks are set aside when they are whole.

    Raises:
        SourceError: DHIS2 could not be read; what is whole is set aside.
    """
    scope = examination.scope()
    if not scope.data_sets:
        return
    years = years_with_values(client, scope.everything, scope.system.time.date())
    began = staging.begin(_name(scope, years), scope.system.time)
    if years is None:
        return
    query = replace(scope.everything, start=date(years[0], 1, 1), end=date(years[1], 12, 31))
    plan = client.plan_values(query, examination.shape())
    lacking: list[Chunk] = []
    done = 0
    for chunk in plan:
        held = staging.get(chunk)
        if held is None:
            lacking.append(chunk)
        else:
            done += 1
            yield Piece(chunk.data_sets, held, done, len(plan), began)
    for chunk, raw in client.values(lacking, COLUMNS):
        staging.put(chunk, raw)
        done += 1
        yield Piece(chunk.data_sets, raw, done, max(len(plan), done), began)


def _name(scope: Scope, years: tuple[int, int] | None) -> str:
    """What tells a pull from others: chunks of another one are not what this one would bring."""
    return json.dumps([scope.system.url, scope.me.id, scope.roots, scope.data_sets, years])
