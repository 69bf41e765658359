"""What neighbours give each other."""

import numpy as np

from demo.whotopia.corrections import Corrections
from demo.whotopia.world import World
from tests.demo.whotopia.conftest import REPORTING_DAY


def test_transfers_between_neighbours_take_nothing_from_a_district():
    world = World.of(1, REPORTING_DAY)
    stock = np.tile(np.arange(world.places.size) * 397 % 1200, (len(world.catalogue.commodities), 1))
    moved = Corrections(world).transferred(50, stock, np.full(stock.shape, 300.0))
    assert (moved > 0).sum() == (moved < 0).sum() > 100
    assert (stock + moved >= 0).all()
    for district in range(len(world.places.districts)):
        assert not moved[:, world.places.district_of() == district].sum(axis=1).any()
