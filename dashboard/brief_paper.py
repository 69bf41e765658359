"""The paper of a brief: A4 sheets, a font that has the letters, the sides’ colours, the foot."""

from pathlib import Path
from typing import Any

from fpdf import FPDF

Colour = tuple[int, int, int]
INK, MUTED, LINE, SOFT = (27, 36, 48), (86, 99, 111), (223, 229, 234), (244, 246, 248)
WARNING = (255, 246, 224)
SIDES: dict[str, Colour] = {"service": (0, 105, 164), "commodity": (143, 86, 0)}
MARGIN, WIDTH = 12.0, 186.0  # mm
BOTTOM = 16.0

# Where systems keep DejaVu Sans, which has Latin, Cyrillic, Greek, Arabic and the signs that the figures use.
FONT_FOLDERS = (
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/dejavu-sans-fonts",
    "/usr/share/fonts/dejavu",
    "/usr/share/fonts/TTF",
    "/usr/local/share/fonts",
    "/Library/Fonts",
)
FACES = {"": "DejaVuSans.ttf", "B": "DejaVuSans-Bold.ttf"}
# Without it: PDF's own Helvetica, which knows Windows-1252 alone. What that lacks is said with what it has.
INSTEAD = {
    "\u202f": "\u00a0", "\u2009": " ", "▲": "+", "▼": "-", "−": "-", "≥": ">=", "≤": "<=", "✕": "x",
    "→": "->", "⚑": "#", "▯": "[]", "\u2003": " ", "Φ": "Phi", "⁻": "-", "λ": "lambda",
}  # fmt: skip


def faces() -> dict[str, Path]:
    """The files of DejaVu Sans on this machine, by style; empty where they are not all there."""
    for folder in FONT_FOLDERS:
        found = {style: Path(folder) / name for style, name in FACES.items()}
        if all(path.is_file() for path in found.values()):
            return found
    return {}


def plain(text: str) -> str:
    """Text for the font that every PDF reader has, what it lacks exchanged."""
    for sign, said in INSTEAD.items():
        text = text.replace(sign, said)
    return text.encode("windows-1252", "replace").decode("windows-1252")


class Paper(FPDF):
    """Sheets of A4 with a foot that says what they are of and as of when.

    Args:
        foot: the left part of the foot; the sheet's number stands on the right.
        language: of the text, for readers that speak it.
        found: the font's files by style; empty for PDF's own Helvetica.
    """

    def __init__(self, foot: str, language: str, found: dict[str, Path]) -> None:
        super().__init__(format="A4", unit="mm")
        self._foot, self._own = foot, bool(found)
        self.core_fonts_encoding = "windows-1252"
        for style, path in found.items():
            self.add_font("sheet", style, path)
        self._family = "sheet" if found else "Helvetica"
        self.set_margins(MARGIN, MARGIN, MARGIN)
        self.set_auto_page_break(True, BOTTOM)
        self.set_lang(language)
        self.set_creator("Tandem")

    def footer(self) -> None:
        """What every sheet ends with."""
        self.set_y(-11)
        self.pen(7, colour=MUTED)
        self.cell(WIDTH - 20, 4, self.known(self._foot))
        self.cell(20, 4, str(self.page_no()), align="R")

    def known(self, text: str) -> str:
        """Text in letters that the font has."""
        return text if self._own else plain(text)

    def pen(self, size: float, *, bold: bool = False, colour: Colour = INK) -> None:
        """How what follows is written."""
        self.set_font(self._family, "B" if bold else "", size)
        self.set_text_color(*colour)

    def say(self, text: str, size: float = 9, **how: Any) -> None:
        """A paragraph over the whole width; `how` as for `pen`."""
        self.pen(size, **how)
        self.multi_cell(WIDTH, size * 0.47, self.known(text), new_x="LMARGIN", new_y="NEXT", align="L")

    def put(self, at: tuple[float, float, float], text: str, size: float = 8, **how: Any) -> float:
        """A paragraph at (x, y), of a width; gives where it ends, in mm from the sheet's top.

        `how` is as for `pen`; `align` may be "R".
        """
        (x, y, width), align = at, how.pop("align", "L")
        self.pen(size, **how)
        self.set_xy(x, y)
        self.multi_cell(width, size * 0.45, self.known(text), new_x="LEFT", new_y="NEXT", align=align)
        return float(self.get_y())

    def height_of(self, text: str, size: float) -> float:
        """How high a paragraph over the whole width will be, in mm."""
        self.pen(size)
        found = self.multi_cell(WIDTH, size * 0.47, self.known(text), dry_run=True, output="HEIGHT")
        return float(found)

    def room(self) -> float:
        """What is left of this sheet, in mm."""
        return float(self.h - BOTTOM - self.get_y())
