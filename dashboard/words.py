"""What people write beside the figures, as one person may read and change it: remarks, and tips."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from accounts import Person
from countries import Country
from dashboard.queries import Figures
from dashboard.questions import BadQuestionError, NotInScopeError, QuestionError
from dashboard.roles import ANNOTATE, EDIT_TIPS, may
from ledger.database import Database
from ledger.words import EVERY_PAIR, KINDS, Annotation, Annotations, Remark, StaleError, Tip, Tips

LONGEST_REMARK, LONGEST_TIP = 500, 8_000
DECEMBER = 12


class StaleWordsError(QuestionError):
    """Somebody else wrote in between."""


class UnknownRemarkError(QuestionError):
    """No remark of this id, or none that one may know of."""


@dataclass(frozen=True)
class TipNow:
    """The tip that counts. `revision` is 0, and `author` empty, while it is the country's own."""

    text: str
    revision: int
    author: str
    written_at: datetime | None


class Words:
    """Remarks and tips of one installation.

    A remark on a place is for all who look at the place or at anything within it; so a page shows the remarks
    on its unit and on the units above.

    Args:
        database: where they are kept.
        figures: knows the units, and who may see which.
        country: its pairs, and who may write.
    """

    def __init__(self, database: Database, figures: Figures, country: Country) -> None:
        self._annotations, self._tips = Annotations(database), Tips(database)
        self._figures, self._country = figures, country

    def remarks(self, unit: str, pair: str, person: Person) -> list[Annotation]:
        """The remarks on a unit and on those above it, by month.

        Raises:
            QuestionError: the unit or the pair cannot be asked for.
        """
        above = self._figures.way(unit, person.scope)
        return self._annotations.of([str(each["id"]) for each in above], self._figures.pair(pair).id)

    def may_annotate(self, unit: str, person: Person) -> bool:
        """Whether a person may leave remarks on a unit: it is one's own, and one has the role."""
        path = str(self._figures.unit(unit, person.scope)["path"])
        return person.scope.sees(path) and may(person, self._country, ANNOTATE)

    def may_change(self, remark: Annotation, person: Person) -> bool:
        """Whether a person may revise or withdraw a remark: its author may, and whoever edits tips."""
        known = remark.unit in self._figures.holding().units.index
        if not known or not self.may_annotate(remark.unit, person):
            return False
        return remark.author == person.username or may(person, self._country, EDIT_TIPS)

    def add(self, remark: Remark, person: Person) -> str:
        """Leave a remark; gives its id.

        Raises:
            QuestionError: says what is wrong with it, and what to do.
        """
        self._allowed(remark.unit, person)
        if remark.pair != EVERY_PAIR:
            self._figures.pair(remark.pair)
        self._sound(remark)
        row = self._figures.unit(remark.unit, person.scope)
        known = Remark(str(row["id"]), remark.pair, remark.month, remark.text.strip(), remark.kind)
        return self._annotations.add(known, person.username)

    def revise(self, number: str, revision: int, text: str, person: Person) -> None:
        """Say a remark otherwise; without a text it is withdrawn.

        Args:
            number: the remark's id.
            revision: the revision that the writer saw.
            text: what it says now.
            person: who writes.

        Raises:
            UnknownRemarkError: there is none that one may know of.
            NotInScopeError: it is not one's own to change.
            StaleWordsError: somebody wrote in between.
        """
        newest = self.remark(number, person)
        if not self.may_change(newest, person):
            what = "This remark is not yours to change."
            raise NotInScopeError("remark", what, f"Ask {newest.author}, who wrote it.")
        if len(text.strip()) > LONGEST_REMARK:
            raise _too_long(LONGEST_REMARK)
        if newest.revision != revision or newest.withdrawn:
            raise StaleWordsError("revision", "Somebody changed this remark meanwhile.", "Load it again.")
        try:
            self._annotations.revise(newest, text.strip(), person.username, withdrawn=not text.strip())
        except StaleError as stale:
            raise StaleWordsError("revision", str(stale), "") from stale

    def remark(self, number: str, person: Person) -> Annotation:
        """The newest revision of a remark.

        Raises:
            UnknownRemarkError: there is none that one may know of.
        """
        return self.history(number, person)[0]

    def history(self, number: str, person: Person) -> Sequence[Annotation]:
        """Every revision of a remark, newest first.

        Raises:
            UnknownRemarkError: there is none that one may know of.
        """
        found = self._annotations.history(number)
        units = self._figures.holding().units
        if not found or found[0].unit not in units.index:
            raise _unknown(number)
        if not person.scope.leads_home(str(units.loc[found[0].unit, "path"])):
            raise _unknown(number)
        return found

    def tip(self, pair: str, language: str) -> TipNow:
        """The tip of a pair as it now reads.

        Raises:
            UnknownPairError: the country has no such pair.
        """
        own = self._figures.pair(pair).tip[language]
        written = self._tips.current(pair, language)
        if written is None:
            return TipNow(own, 0, "", None)
        text = written.text or own
        return TipNow(text, written.revision, written.author, written.written_at)

    def tip_history(self, pair: str, language: str) -> Sequence[Tip]:
        """Every revision of a tip, newest first; one without text went back to the country's own."""
        return self._tips.history(self._figures.pair(pair).id, language)

    def may_edit_tips(self, person: Person) -> bool:
        """Whether a person may change what all read as "how to interpret"."""
        return may(person, self._country, EDIT_TIPS)

    def write_tip(self, tip: tuple[str, str], text: str, revision: int, person: Person) -> None:
        """Write the next revision of a tip (pair, language); without a text the country's own counts again.

        Raises:
            NotInScopeError: one may not.
            BadQuestionError: it is too long, or in a language that the country does not have.
            StaleWordsError: somebody wrote in between.
        """
        pair, language = tip
        self._figures.pair(pair)
        if not self.may_edit_tips(person):
            what = "Your account may not change tips."
            raise NotInScopeError("tip", what, "Ask whoever administers this installation for the right.")
        if language not in self._country.languages:
            raise BadQuestionError(
                "language", f"{language!r} is not spoken here.", f"One of {self._country.languages}."
            )
        if len(text) > LONGEST_TIP:
            raise _too_long(LONGEST_TIP)
        try:
            self._tips.write(tip, text.strip(), person.username, revision)
        except StaleError as stale:
            raise StaleWordsError("revision", str(stale), "") from stale

    def _allowed(self, unit: str, person: Person) -> None:
        if not self.may_annotate(unit, person):
            what = f"You may not leave remarks on the unit {unit!r}."
            remedy = "Ask whoever administers this installation for the right, or choose a unit of your own."
            raise NotInScopeError("unit", what, remedy)

    def _sound(self, remark: Remark) -> None:
        first, last = self._figures.months()
        if not (first <= remark.month <= last and 1 <= remark.month % 100 <= DECEMBER):
            what = f"There are no figures for the month {remark.month}."
            raise BadQuestionError("month", what, f"Choose one from {first} to {last}.")
        if remark.kind not in KINDS:
            what = f"There is no kind of remark {remark.kind!r}."
            raise BadQuestionError("kind", what, f"One of {', '.join(KINDS)}.")
        if not remark.text.strip():
            raise BadQuestionError("text", "The remark is empty.", "Say what happened.")
        if len(remark.text.strip()) > LONGEST_REMARK:
            raise _too_long(LONGEST_REMARK)


def _too_long(most: int) -> BadQuestionError:
    return BadQuestionError("text", f"The text is longer than {most:,} characters.", "Shorten it.")


def _unknown(number: str) -> UnknownRemarkError:
    what = f"There is no remark {number!r}."
    return UnknownRemarkError("remark", what, "Load the page again: it may have moved.")
