"""In which units the members of a family are counted: as reported where these are alike, else in doses."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from countries.items import units_a_dose
from dashboard import i18n
from dashboard.i18n import t
from dashboard.pages.compare_pairs import dose
from dashboard.pages.compare_reading import Reading
from indicators.attribution import Attribution


@dataclass(frozen=True)
class Counted:
    """How the members of a family are counted.

    Attributes:
        per_dose: how many units of each member, by its pair, add up with those of the others: 1 each where
            all are counted alike; None where nobody said how many are one dose.
    """

    per_dose: Mapping[str, float] | None

    @property
    def as_reported(self) -> bool:
        """Whether the reported quantities add up as they are."""
        return self.per_dose is not None and len(set(self.per_dose.values())) <= 1

    @property
    def of_all(self) -> str:
        """What the family's total is called."""
        return t("story.family_total") if self.as_reported else t("story.family_doses")

    def name(self, reading: Reading, pair: str) -> str:
        """What a member is called, with its unit where the members' units differ."""
        named = reading.country.pairs[pair]
        name, unit = named.name[i18n.language()], named.commodity_unit[i18n.language()]
        if self.as_reported:
            return name
        if self.per_dose is None:
            return t("story.family_member", name=name, unit=unit)
        return t("story.family_member_doses", name=name, unit=unit, per=dose(self.per_dose[pair]))

    def added(self, total: Attribution, members: Mapping[str, Attribution]) -> Attribution | None:
        """The family's movement, in doses where its members are counted in different units; None without.

        Args:
            total: that of the quantities as they are, whose reporters it is of.
            members: those of the members, by their pairs.
        """
        if self.as_reported:
            return total
        if self.per_dose is None:
            return None
        alike = self.alike(members)
        return replace(
            total, before=sum(each.before for each in alike), after=sum(each.after for each in alike)
        )

    def alike(self, members: Mapping[str, Attribution]) -> list[Attribution]:
        """The members' movements, counted alike as far as it is known how."""
        per = self.per_dose or {}
        return [
            replace(found, before=found.before / per.get(pair, 1.0), after=found.after / per.get(pair, 1.0))
            for pair, found in members.items()
        ]

    def as_of(self, quantity: float, pair: str, other: str) -> float:
        """A quantity of one member in units of another; 0 where nobody said how many are one dose."""
        return quantity / self.per_dose[pair] * self.per_dose[other] if self.per_dose else 0.0


def counted_in(reading: Reading, members: Mapping[str, Iterable[str]]) -> Counted:
    """How the members of a family, each with its products by code, are counted."""
    items = reading.country.items
    codes = {code for each in members.values() for code in each if code in items}
    found = units_a_dose(items[code] for code in codes)
    if found is None:
        return Counted(None)
    # The products of one pair add up as they are: any of them tells (countries/configuration.py).
    return Counted(
        {pair: next((found[c] for c in each if c in found), 1.0) for pair, each in members.items()}
    )
