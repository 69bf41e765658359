"""What of a pair an asker may read: DHIS2 shares data sets, and each item is in the forms of some of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from accounts.scope import Scope
from countries.configuration import Country, Pair
from dashboard.holdings import Holding
from dashboard.questions import NotInScopeError
from indicators.compare import PairItems


@dataclass(frozen=True)
class LeftOut:
    """A form that the asker may not read in DHIS2, so that its figures are not in the answer."""

    form: str
    name: str


def readable(
    holding: Holding, country: Country, pair: Pair, scope: Scope
) -> tuple[PairItems, tuple[LeftOut, ...]]:
    """The items of a pair that the asker may read, and the forms that were left out.

    Raises:
        NotInScopeError: nothing is left.
    """
    codes = {*pair.services, *pair.commodities, *(code for each in pair.reported.values() for code in each)}
    unreadable, hidden = unread(holding, codes, scope)

    def kept(wanted: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(code for code in wanted if code not in unreadable)

    if hidden and not kept(tuple(codes)):
        what = f"Your account may not read the data sets of the pair {pair.id!r}."
        raise NotInScopeError("pair", what, "Ask your DHIS2 administrator for the right to read their data.")
    families = families_of(country, pair)
    others = {code for each in families.values() for code in each} - codes
    unreadable |= unread(holding, others, scope)[0]
    items = PairItems(
        services=kept(pair.services),
        commodities=kept(pair.commodities),
        reported={measure: kept(each) for measure, each in pair.reported.items() if kept(each)},
        families={name: kept(each) for name, each in families.items()},
        dosed=pair.kind == "fixed_dose",
    )
    return items, tuple(LeftOut(form, str(holding.forms.loc[form, "name"])) for form in sorted(hidden))


def unread(holding: Holding, codes: Iterable[str], scope: Scope) -> tuple[set[str], set[str]]:
    """The items, by code, that the asker may not read, and the forms that hide them.

    DHIS2 gives an element's values with any of its data sets that one may read.
    """
    asked = {code: holding.forms_of.get(code, ()) for code in codes}
    closed = {
        form
        for form in {form for forms in asked.values() for form in forms}
        if not scope.reads(holding.data_sets[form])
    }
    unreadable = {code for code, forms in asked.items() if forms and closed.issuperset(forms)}
    return unreadable, {form for code in unreadable for form in asked[code]}


def families_of(country: Country, pair: Pair) -> dict[str, tuple[str, ...]]:
    """The substitutes that the pair's products stand among: the family's id to its products.

    None where the products are counted in different units: their sum would be of nothing.
    """
    family = country.families[pair.family] if pair.family else None
    return {family.id: family.commodities} if family and country.adds_up(family.commodities) else {}
