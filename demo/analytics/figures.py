"""The rows that answer a question: elements, operands, reporting rates and indicators."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

import numpy as np

from demo.analytics import rates
from demo.analytics.aggregation import Axis, Layout, cells
from demo.analytics.items import Dimension, Item, Reader
from demo.analytics.question import COMPARISONS, Criteria, Question
from demo.analytics.rounding import as_total, rounded
from demo.analytics.table import Rows, Table
from demo.indicators_expression import NotAnExpression, Wanted, evaluate
from demo.indicators_expression import read as read_expression
from demo.web import Refusal

DAYS_IN_YEAR = 365
BLANKS = ("",) * 5
Row = list[str]
Row_ = tuple[str, ...]


@dataclass(frozen=True)
class Grid:
    """Values of one data item: an array with one axis for each of the question's other dimensions."""

    values: np.ndarray
    present: np.ndarray


@dataclass(frozen=True)
class Figures:
    """Answers one question from one table.

    Attributes:
        reader: finds the items of indicators.
    """

    table: Table
    question: Question
    reader: Reader

    def rows(self, most: int = 0) -> list[Row]:
        """All rows, each with the dimensions' items and the value as text.

        Args:
            most: give up beyond so many rows, with some more than that; 0 for all.
        """
        found: list[Row] = []
        data = self.question.dimension("dx")
        if self.question.options.skip_data:
            return found
        if data is None:
            return self._without_data()
        for item in self._expanded(data.items):
            found += self._item_rows(item)
            if most and len(found) > most:
                break
        return found

    def _expanded(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items as DHIS2 computes them: of operands, every element with every combination named."""
        operands = [item for item in items if item.kind == "DATA_ELEMENT_OPERAND"]
        yield from (item for item in items if item.kind != "DATA_ELEMENT_OPERAND")
        seen = set()
        for first, second in product(operands, operands):
            key = (first.parts[0], *second.parts[1:])
            if len(first.parts) == len(second.parts) and key not in seen:
                seen.add(key)
                yield replace(first, id=".".join(key), parts=key)

    def _without_data(self) -> list[Row]:
        """Data as a filter: the sum of its elements, or the one indicator or rate."""
        items = self.question.of_kind("DATA_ELEMENT", "DATA_ELEMENT_OPERAND", "INDICATOR", "REPORTING_RATE")
        grids = [self.grid(item) for item in items]
        if not grids:
            return []
        total = Grid(
            sum(np.where(g.present, g.values, 0) for g in grids), np.any([g.present for g in grids], axis=0)
        )
        skip = self.question.options.skip_rounding
        if items[0].kind == "INDICATOR":
            decimals = items[0].thing.get("decimals")
            return [[*key, rounded(value, decimals, skip)] for key, value in self._chosen(total)]
        return [[*key, as_total(value, skip)] for key, value in self._chosen(total)]

    def _item_rows(self, item: Item) -> list[Row]:
        numbers = BLANKS if self.question.options.numbers else ()
        skip = self.question.options.skip_rounding
        if item.kind == "INDICATOR":
            return self._indicator_rows(item)
        if item.kind == "REPORTING_RATE":
            return rates.rows(self, item)
        grid = self.grid(item)
        return [[item.id, *key, as_total(value, skip), *numbers] for key, value in self._chosen(grid)]

    def _chosen(self, grid: Grid) -> Iterator[tuple[Row_, float]]:
        keys = list(product(*(self.keys(d) for d in self.question.others())))
        values, present = grid.values.ravel(), grid.present.ravel()
        for place in np.flatnonzero(present & meets(values, self.question.options.measure)):
            yield keys[place], float(values[place])

    def keys(self, dimension: Dimension) -> list[str]:
        """What stands in a column of rows, for every item of a dimension."""
        if dimension.name in ("co", "ao") and not dimension.items:
            return self.table.combos
        return [item.id for item in dimension.items]

    def grid(self, item: Item) -> Grid:
        """The values of one data item in every cell."""
        if item.kind == "INDICATOR":
            value, _, _, present = self._indicator(item)
            return Grid(value, present)
        if item.kind == "REPORTING_RATE":
            return Grid(*rates.grid(self, item))
        rows = self._filtered(self.table.rows(item.parts[0] if item.parts else item.id), item)
        aggregation = self.question.options.aggregation or item.thing.get("aggregationType") or "SUM"
        return self.aggregated(rows, aggregation)

    def aggregated(self, rows: Rows, aggregation: str) -> Grid:
        """Aggregates rows into the question's cells."""
        others = self.question.others()
        further = [d for d in others if d.name not in ("pe", "ou")]
        units = self.question.dimension("ou")
        tree = self.table.tree
        ranges = [tree.range(item.id) for item in units.items] if units else [(0, len(tree.ids))]
        layout = Layout(self.question.span, ranges, lambda r: self._axes(r, further))
        values, present = cells(self.table, rows, layout, aggregation)
        return Grid(self.arranged(values, further), self.arranged(present, further))

    def arranged(self, counted: np.ndarray, further: list[Dimension]) -> np.ndarray:
        """Turns an array of units × periods (× FURTHER) into the order of the question's dimensions."""
        others = self.question.others()
        units, span = self.question.dimension("ou"), self.question.span
        shape = [len(units.items) if units else 1, span.size, *(len(self.keys(d)) for d in further)]
        place = {"ou": 0, "pe": 1, **{d.name: 2 + i for i, d in enumerate(further)}}
        order = [place[d.name] for d in others if d.name in place]
        left = [i for i in range(len(shape)) if i not in order]
        turned = counted.reshape(shape).transpose(order + left)
        return turned.reshape([len(self.keys(d)) if d.name in place else 1 for d in others])

    def _axes(self, rows: Rows, further: list[Dimension]) -> list[Axis]:
        return [Axis(len(self.keys(d)), self._column(rows, d)) for d in further]

    def _column(self, rows: Rows, dimension: Dimension) -> np.ndarray:
        keys = {key: i for i, key in enumerate(self.keys(dimension))}
        if dimension.name in ("co", "ao"):
            of_combo = np.array([keys.get(combo, -1) for combo in self.table.combos] or [-1])
            return of_combo[rows.combo if dimension.name == "co" else rows.attribute]
        return self.group_of_unit(dimension)[rows.position]

    def group_of_unit(self, dimension: Dimension) -> np.ndarray:
        """For every position, which of a dimension's groups the unit is in; -1 for none."""
        column = np.full(len(self.table.tree.ids), -1)
        for place, item in enumerate(dimension.items):
            members = [self.table.tree.position.get(m["id"]) for m in item.thing.get("organisationUnits", ())]
            column[[m for m in members if m is not None]] = place
        return column

    def _filtered(self, rows: Rows, item: Item) -> Rows:
        keep = np.ones(len(rows), bool)
        for part, column in zip(item.parts[1:], (rows.combo, rows.attribute), strict=False):
            if part != "*":
                keep &= column == (self.table.combos.index(part) if part in self.table.combos else -1)
        keep &= meets(rows.value, self.question.options.before_measure)
        return self.within_filters(rows.take(keep))

    def within_filters(self, rows: Rows) -> Rows:
        """The rows that the filters let through, periods aside."""
        keep = np.ones(len(rows), bool)
        for chosen in self.question.filters:
            if chosen.name == "ou":
                keep &= self.table.tree.inside([item.id for item in chosen.items])[rows.position]
            elif chosen.name not in ("dx", "pe") and chosen.items:
                keep &= self._column(rows, chosen) >= 0
        return rows if keep.all() else rows.take(keep)

    def _indicator_rows(self, item: Item) -> list[Row]:
        value, top, bottom, present = self._indicator(item)
        keys = list(product(*(self.keys(d) for d in self.question.others())))
        decimals, options = item.thing.get("decimals"), self.question.options
        factor, multiplier, divisor = self._factors(item, value.shape)
        found = []
        for place in np.flatnonzero(present.ravel()):
            text = rounded(float(value.flat[place]), decimals, options.skip_rounding)
            if not meets(np.array([float(text)]), options.measure)[0]:
                continue
            row = [item.id, *keys[place], text]
            if options.numbers:
                row += [
                    rounded(float(x.flat[place]), decimals, options.skip_rounding)
                    for x in (top, bottom, factor)
                ]
                row += [str(multiplier), str(int(divisor.flat[place]))]
            found.append(row)
        return found

    def _indicator(self, item: Item) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
        try:
            top, bottom = (self._expression(item.thing[part]) for part in ("numerator", "denominator"))
        except NotAnExpression as e:
            raise Refusal(409, f"Invalid expression of indicator `{item.id}`: {e}", "E7132") from e
        factor, _, _ = self._factors(item, top.shape)
        present = (bottom != 0) & ~np.isnan(bottom) & ~np.isnan(top)
        value = np.divide(top * factor, bottom, out=np.zeros(top.shape), where=present)
        return value, top, bottom, present

    def _factors(self, item: Item, shape: tuple[int, ...]) -> tuple[np.ndarray, int, np.ndarray]:
        kind = (
            self.reader.store.get("indicatorTypes", (item.thing.get("indicatorType") or {}).get("id")) or {}
        )
        multiplier, divisor = int(kind.get("factor", 1)), np.ones(shape)
        if item.thing.get("annualized"):
            multiplier, divisor = multiplier * DAYS_IN_YEAR, self._days(shape)
        return multiplier / divisor, multiplier, divisor

    def _days(self, shape: tuple[int, ...]) -> np.ndarray:
        names = [d.name for d in self.question.others()]
        days = self.question.span.column_days().astype(float)
        side = [1] * len(shape)
        if "pe" in names:
            side[names.index("pe")] = len(days)
        return np.broadcast_to(days.reshape(side) if side else days[0], shape)

    def _expression(self, text: str) -> np.ndarray:
        node = read_expression(text)
        shape = tuple(len(self.keys(d)) for d in self.question.others())
        values = {item: self._wanted(item[1]).known(item[0], shape) for item in node.items()}
        return np.broadcast_to(evaluate(node, values), shape).astype(float)

    def _wanted(self, wanted: Wanted) -> Figures:
        """The same figures of other periods, or summed up in another way."""
        question = self.question.shifted(wanted.offset)
        if wanted.aggregation:
            question = replace(question, options=replace(question.options, aggregation=wanted.aggregation))
        return replace(self, question=question)

    def known(self, word: str, shape: tuple[int, ...]) -> np.ndarray:
        """The values of an item of an expression, NaN where there is none."""
        if word == "[days]":
            return self._days(shape)
        key = word[word.index("{") + 1 : -1]
        if word.startswith("C{"):
            constant = self.reader.store.get("constants", key)
            return np.full(shape, float(constant["value"]) if constant else np.nan)
        if word.startswith("OUG{"):
            return self._group_size(key, shape)
        plain = replace(
            self, question=replace(self.question, options=replace(self.question.options, measure=()))
        )
        item = replace(self.reader, scheme="UID").data_item(key)
        if item is None:
            raise NotAnExpression(f"{word} is not known")
        grid = plain.grid(item)
        return np.where(grid.present, grid.values, np.nan)

    def _group_size(self, key: str, shape: tuple[int, ...]) -> np.ndarray:
        group = self.reader.store.get("organisationUnitGroups", key) or {}
        member = np.zeros(len(self.table.tree.ids) + 1, int)
        for unit in group.get("organisationUnits", ()):
            if (place := self.table.tree.position.get(unit["id"])) is not None:
                member[place + 1] = 1
        before = np.cumsum(member)
        units, names = self.question.dimension("ou"), [d.name for d in self.question.others()]
        if units is None:
            return np.full(shape, float(before[-1]))
        counts = [
            before[end] - before[start]
            for start, end in map(self.table.tree.range, (i.id for i in units.items))
        ]
        side = [1] * len(shape)
        side[names.index("ou")] = len(counts)
        return np.broadcast_to(np.array(counts, float).reshape(side), shape)


def meets(values: np.ndarray, criteria: Criteria) -> np.ndarray:
    """Which values meet all criteria."""
    keep = np.ones(values.shape, bool)
    for word, bound in criteria:
        compare: Callable[[Any, Any], Any] = COMPARISONS[word]
        keep &= compare(values, bound)
    return keep
