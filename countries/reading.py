"""Reading configuration tables so that a wrong entry is named with its file, its key and the remedy."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any


class CountryError(Exception):
    """A country's configuration cannot be used; the message names the file, the entry and the remedy."""


class Words(Mapping[str, str]):
    """One text in several languages, by language code; an unknown language reads the first one."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Keep `texts`, by language code."""
        self._texts = dict(texts)

    def __getitem__(self, language: str) -> str:
        """The text in this language, else in the first language that there is."""
        return self._texts.get(language) or next(iter(self._texts.values()), "")

    def __iter__(self) -> Iterator[str]:
        """The language codes."""
        return iter(self._texts)

    def __len__(self) -> int:
        """How many languages there are."""
        return len(self._texts)


class Table:
    """A TOML table that knows where it stands, so that its errors do too."""

    def __init__(self, content: Mapping[str, Any], where: str) -> None:
        """Wrap `content`; `where` names it in errors."""
        self._content, self._where = content, where

    def error(self, key: str, what: str) -> CountryError:
        """The error to raise for this key."""
        return CountryError(f"{self._where}, {key}: {what}.")

    def text(self, key: str, default: str | None = None) -> str:
        """A text; required unless a default is given."""
        value = self._content.get(key, default)
        if not isinstance(value, str):
            raise self.error(key, "a text is required")
        return value

    def number(self, key: str, default: float | None = None) -> float:
        """A number; required unless a default is given."""
        value = self._content.get(key, default)
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            raise self.error(key, "a number is required")
        return float(value)

    def whole(self, key: str, allowed: Sequence[int], default: int | None = None) -> int:
        """One of the allowed whole numbers; required unless a default is given."""
        value = self._content.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or value not in allowed:
            raise self.error(key, f"{value!r} is no whole number among {_several(allowed)}")
        return value

    def choice(self, key: str, allowed: Iterable[str], default: str | None = None) -> str:
        """One of the allowed texts."""
        value = self.text(key, default)
        if value not in allowed:
            raise self.error(key, f"{value!r} is not one of {', '.join(allowed)}")
        return value

    def strings(self, key: str) -> list[str]:
        """A list of texts, empty when absent."""
        value = self._content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, str) for v in value):
            raise self.error(key, "a list of texts is required")
        return value

    def mapping(self, key: str) -> dict[str, str]:
        """A table of texts, empty when absent."""
        value = self._content.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise self.error(key, "a table of texts is required")
        return value

    def numbers(self) -> dict[str, float]:
        """The table as numbers by name."""
        return {name: self.number(name) for name in self._content}

    def lists(self, key: str) -> dict[str, list[str]]:
        """A table of lists of texts, empty when absent."""
        value = self._content.get(key, {})
        if not isinstance(value, dict):
            raise self.error(key, "a table of lists is required")
        table = Table(value, f"{self._where}, {key}")
        return {name: table.strings(name) for name in value}

    def words(self, key: str, languages: tuple[str, ...], optional: bool = False) -> Words:
        """A text in every language of the country (or none at all, where optional)."""
        value = self.mapping(key)
        lacking = [language for language in languages if not value.get(language)]
        if lacking and not (optional and not value):
            raise self.error(key, f"the text in {', '.join(lacking)} is lacking")
        return Words(value or dict.fromkeys(languages, ""))

    def table(self, key: str) -> "Table | None":
        """The table under a key, or None when absent."""
        value = self._content.get(key)
        if value is not None and not isinstance(value, dict):
            raise self.error(key, "a table is required")
        return None if value is None else Table(value, f"{self._where}, {key}")

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._content

    def known(self, *keys: str) -> None:
        """Refuse every key but these: a name that is misspelt must not be passed over."""
        wrong = [key for key in self._content if key not in keys]
        if wrong:
            raise self.error(wrong[0], f"there is no such entry; there are {', '.join(keys)}")

    def tables(self, key: str) -> list["Table"]:
        """A list of tables, each named by its id, key, code or match."""
        value = self._content.get(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self.error(key, "a list of tables is required")
        return [Table(v, f"{self._where}, {key} {_label(v, n)}") for n, v in enumerate(value)]


def _several(numbers: Sequence[int]) -> str:
    if isinstance(numbers, range):
        return f"{numbers.start} to {numbers.stop - 1}"
    return ", ".join(map(str, numbers))


def _label(content: Mapping[str, Any], number: int) -> str:
    for key in ("id", "key", "code", "match", "level"):
        if key in content:
            return repr(content[key])
    return f"number {number + 1}"
