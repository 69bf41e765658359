"""Which services fall when stock runs out, and which do not."""

import numpy as np

from demo.whotopia.catalogue import catalogue
from demo.whotopia.serving import NEEDS, served


def test_a_service_falls_by_the_share_that_its_family_could_not_cover():
    shape = (len(catalogue().commodities), 1, 1)
    missed, stocked = np.zeros(shape), np.ones(shape, dtype=bool)
    missed[catalogue().commodity("SP")] = 0.4
    wanted = np.full((len(catalogue().services), 1, 1), 100, dtype=np.int32)
    done = served(catalogue(), wanted, missed, stocked)[:, 0, 0]
    expected = {catalogue().service("IPTP"): 60}
    assert [int(n) for n in done] == [expected.get(n, 100) for n in range(len(done))]


def test_what_a_facility_does_not_keep_does_not_hold_up_its_services():
    shape = (len(catalogue().commodities), 1, 1)
    wanted = np.full((len(catalogue().services), 1, 1), 100, dtype=np.int32)
    done = served(catalogue(), wanted, np.ones(shape), np.zeros(shape, dtype=bool))
    assert (done == 100).all()


def test_every_service_that_needs_stock_is_counted_and_uses_it():
    for code, needs in NEEDS.items():
        assert catalogue().service(code) >= 0
        assert all(catalogue().commodity(need) >= 0 for need in needs)
