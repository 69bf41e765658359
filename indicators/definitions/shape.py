"""What a definition consists of beside its words: where the figure is worked out, examples, classes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from indicators.definitions.formulas import Formula

Unit = Literal[
    "share", "months", "days", "quantity", "packs", "places", "couple_years", "class", "ratio", "index"
]


@dataclass(frozen=True)
class Example:
    """Numbers that a figure is worked out from, the same on the page as in the tests.

    Attributes:
        work: the function that works it out, given the inputs by name; what it returns is plain.
        inputs: by name, plain numbers, texts or lists of them; None is what nobody reported.
        result: what comes out of these inputs, rounded to three decimals.
    """

    work: Callable[..., Any]
    inputs: Mapping[str, Any]
    result: Any


@dataclass(frozen=True)
class Shade:
    """One class of a figure that has classes.

    Attributes:
        id: its name.
        colour: of its mark; empty where the design gives it none.
        mark: a character that tells it from the others without colour.
    """

    id: str
    colour: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Definition:
    """One figure.

    Attributes:
        id: its name, which never changes.
        side: whose figure it is: service, commodity, service_report, or "" where it stands on several.
        measure: the measure of the rows that hold it; "" where it is worked out of several.
        module: the module of `indicators` that works it out.
        function: the function there; "" where the module as a whole does.
        subject: which figures it is read with (`subjects.SUBJECTS`).
        unit: what its value is counted in.
        example: a worked example.
        sources: ids of `sources.SOURCES` that the formula is from.
        shades: its classes, where it has any.
        settings: what a country decides about it, by name.
        formula: how DHIS2's indicators say it; None where they cannot.
        unsaid: why they cannot (a key of `formulas.UNSAID`); "" where they can.
    """

    id: str
    side: str = ""
    measure: str = ""
    module: str = "compare"
    function: str = ""
    subject: str = "counts"
    unit: Unit = "quantity"
    example: Example = field(kw_only=True)
    sources: tuple[str, ...] = ()
    shades: tuple[Shade, ...] = ()
    settings: tuple[str, ...] = ()
    formula: Formula | None = None
    unsaid: str = ""
