"""Writes a workbook as Excel reads it, row by row and always with the same bytes.

The parts and attributes are the fewest that ECMA-376 (Office Open XML, part 1) asks for: content types,
relationships, a workbook, styles, shared strings and one worksheet a sheet.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from html import escape
from pathlib import Path
from types import TracebackType
from typing import IO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

Cell = str | int | float | date | None

MOST_ROWS = 1_048_576
LEVEL, AT_ONCE = 4, 2000
NEVER = (1980, 1, 1, 0, 0, 0)
EPOCH = date(1899, 12, 30).toordinal()
"""Excel counts days from here."""
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
STYLES = (
    f"{HEAD}<styleSheet {MAIN}>"
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)


class Workbook:
    """A workbook that is being written; use it in a `with`.

    Args:
        path: of the file; what is there is replaced.
    """

    def __init__(self, path: Path) -> None:
        self._zip = ZipFile(path, "w", ZIP_DEFLATED, compresslevel=LEVEL)
        self._strings: dict[str, int] = {}
        self._sheets: list[str] = []

    def __enter__(self) -> Workbook:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self._finish()
        self._zip.close()

    def sheet(self, name: str, header: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
        """Adds a sheet with a header that stays in view.

        Args:
            name: at most 31 letters.
            header: of the columns; none for a page of text.
            rows: read once, one by one. Dates become Excel's; what is None stays empty.

        Returns:
            How many rows it has, the header not counted.

        Raises:
            ValueError: there are more rows than Excel can hold.
        """
        self._sheets.append(name)
        letters = [column(n) for n in range(len(header) or 1)]
        begin = 1 if header else 0
        with self._open(f"xl/worksheets/sheet{len(self._sheets)}.xml") as out:
            out.write(_top(letters, bool(header)).encode())
            if header:
                out.write(self._row(1, letters, header, ' s="1"').encode())
            count, waiting = begin, list[str]()
            for count, cells in enumerate(rows, begin + 1):
                if count > MOST_ROWS:
                    raise ValueError(f"The sheet {name!r} has more than {MOST_ROWS} rows: give fewer months.")
                waiting.append(self._row(count, letters, cells))
                if len(waiting) == AT_ONCE:
                    out.write("".join(waiting).encode())
                    waiting.clear()
            last = f"{letters[-1]}{max(count, 1)}"
            chosen = f'<autoFilter ref="A1:{last}"/>' if header else ""
            out.write(f"{''.join(waiting)}</sheetData>{chosen}</worksheet>".encode())
        return count - begin

    def _row(self, number: int, letters: Sequence[str], cells: Sequence[Cell], style: str = "") -> str:
        parts = [f'<row r="{number}">']
        strings = self._strings
        for letter, cell in zip(letters, cells, strict=False):
            if isinstance(cell, str):
                index = strings.setdefault(cell, len(strings))
                parts.append(f'<c r="{letter}{number}"{style} t="s"><v>{index}</v></c>')
            elif isinstance(cell, date):
                parts.append(f'<c r="{letter}{number}" s="2"><v>{cell.toordinal() - EPOCH}</v></c>')
            elif cell is not None:
                parts.append(f'<c r="{letter}{number}"{style}><v>{cell}</v></c>')
        parts.append("</row>")
        return "".join(parts)

    def _finish(self) -> None:
        count = range(1, len(self._sheets) + 1)
        names = "".join(
            f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>'
            for n, name in enumerate(self._sheets, 1)
        )
        sheets = [(f"worksheets/sheet{n}.xml", "worksheet") for n in count]
        parts = [*sheets, ("styles.xml", "styles"), ("sharedStrings.xml", "sharedStrings")]
        workbook = f'<workbook {MAIN} xmlns:r="{RELATIONS}"><sheets>{names}</sheets></workbook>'
        self._write("xl/workbook.xml", HEAD + workbook)
        self._write("xl/_rels/workbook.xml.rels", _relations(parts))
        self._write("xl/styles.xml", STYLES)
        items = "".join(f'<si><t xml:space="preserve">{escape(s)}</t></si>' for s in self._strings)
        self._write("xl/sharedStrings.xml", f"{HEAD}<sst {MAIN}>{items}</sst>")
        self._write("_rels/.rels", _relations([("xl/workbook.xml", "officeDocument")]))
        self._write("[Content_Types].xml", _content_types(parts))

    def _write(self, name: str, text: str) -> None:
        with self._open(name) as out:
            out.write(text.encode())

    def _open(self, name: str) -> IO[bytes]:
        entry = ZipInfo(name, NEVER)
        entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o600 << 16
        return self._zip.open(entry, "w")


def column(number: int) -> str:
    """A column's letters.

    >>> column(0), column(25), column(26), column(701), column(702)
    ('A', 'Z', 'AA', 'ZZ', 'AAA')
    """
    letters = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _top(letters: Sequence[str], frozen: bool) -> str:
    pane = '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' if frozen else ""
    width = 16 if frozen else 110
    views = f'<sheetViews><sheetView workbookViewId="0">{pane}</sheetView></sheetViews>'
    columns = f'<cols><col min="1" max="{len(letters)}" width="{width}" customWidth="1"/></cols>'
    return f"{HEAD}<worksheet {MAIN}>{views}{columns}<sheetData>"


def _relations(parts: Sequence[tuple[str, str]]) -> str:
    told = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/{kind}" Target="{target}"/>'
        for n, (target, kind) in enumerate(parts, 1)
    )
    return f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">{told}</Relationships>'


def _content_types(parts: Sequence[tuple[str, str]]) -> str:
    told = "".join(
        f'<Override PartName="/xl/{target}" ContentType="{KIND}.{kind}+xml"/>' for target, kind in parts
    )
    return (
        f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>{told}</Types>'
    )
