"""What is worst of a programme: the figures are those of the indicators, and what is first fits the stock."""

import pytest

from dashboard import i18n
from dashboard.i18n import number, t
from dashboard.logistics import LogisticsDesk
from dashboard.pages.programmes_worst import worst
from dashboard.programme import ProgrammeAddress, look
from indicators.stock_status import Status
from installation import everything


@pytest.fixture(scope="module")
def programme(figures):
    return look(LogisticsDesk(figures), ProgrammeAddress(), everything(figures))


@pytest.fixture(scope="module", params=i18n.LANGUAGES)
def told(request, programme):
    with i18n.use(request.param):
        yield worst(programme)


def test_the_first_sentence_counts_the_product_that_most_sites_lack(programme, told):
    out = programme.ask("stockout_rate", programme.now)
    most = out.numerator[0, :, 0].max()
    if not most:
        assert told[0] == t("programmes.worst_none")
        return
    items = programme.desk.figures.country.items
    lacked = [
        items[programme.subjects[at].id].name[i18n.language()]
        for at in programme.carried()
        if out.numerator[0, at, 0] == most
    ]
    assert any(name in told[0] for name in lacked)
    assert number(float(most)) in told[0]


def test_transfers_come_first_only_where_the_place_as_a_whole_has_enough(programme, told):
    out = programme.ask("stockout_rate", programme.now)
    most = out.numerator[0, :, 0].max()
    found = {int(programme.classes[0, at]) for at in programme.carried() if out.numerator[0, at, 0] == most}
    if len(found) == 1 and most:
        enough = found <= {Status.ADEQUATE, Status.OVERSTOCKED}
        key = "programmes.first_transfers" if enough else "programmes.first_delivery"
        assert told[-1].startswith(t(key).split("{")[0])
        assert ("{" in told[-1]) is False
        assert told[-1].endswith(t(key).rsplit("}", 1)[1])


def test_of_one_site_its_own_products_are_named(figures, programme):
    units = figures.holding().units
    last = units.index[units["level"] == units["level"].max()]
    desk, scope = LogisticsDesk(figures), everything(figures)
    out = programme.ask("stockout_rate", programme.now)
    sites = (look(desk, ProgrammeAddress(unit, month=programme.month), scope) for unit in last[:60])
    with i18n.use("en"):
        told = [worst(site) for site in sites if site.carried()]
    assert all(len(each) <= 2 for each in told)
    assert any(each and each[0].startswith("Out of stock here: ") for each in told) or not out.numerator.any()


def test_what_is_out_next_is_the_product_that_lasts_the_shortest_of_those_that_are_not_out(programme, told):
    lasts = programme.ask("months_of_stock", programme.now).value[0, :, 0]
    low = [at for at in programme.carried() if int(programme.classes[0, at]) in (Status.LOW, Status.ADEQUATE)]
    said = [each for each in told if each.startswith(t("programmes.next_out").split("{")[0])]
    assert len(said) == bool(low)
    if low:
        shortest = programme.subjects[min(low, key=lambda at: lasts[at])].id
        assert programme.desk.figures.country.items[shortest].name[i18n.language()] in said[0]
        end = programme.month // 100 * 12 + programme.month % 100 + int(min(lasts[at] for at in low))
        assert i18n.month(end // 12 * 100 + end % 12 + 1) in said[0]
