"""Who could help whom, of random stores, beside the rule in plain Python: store by store, pack by pack."""

import math
import random

import numpy as np
import pandas as pd
import pytest

from indicators.redistribution import propose

EARTH = 6371.0


def random_stores(seed):
    chance = random.Random(f"stores {seed}")
    unknown = lambda share, value: math.nan if chance.random() < share else value  # noqa: E731
    return [
        {
            "item": chance.choice(["pill", "pill", "injection"]),
            "place": f"p{number}",
            "district": chance.choice(["north", "south"]),
            "stock": unknown(
                0.05, float(chance.choice([0, 0, chance.randint(1, 60), chance.randint(60, 500)]))
            ),
            "average": unknown(0.05, float(chance.choice([0, 10, 10, 25, chance.randint(1, 60)]))),
            "pack": float(chance.choice([1, 5, 20])),
            "least": chance.choice([0.5, 1.0]),
            "most": chance.choice([2.0, 3.0]),
            "to_delivery": chance.choice([0.0, 0.5, 1.0]),
            "longitude": unknown(0.2, chance.choice([-5.0, chance.uniform(-8, -2)])),
            "latitude": chance.choice([6.0, chance.uniform(5, 9)]),
            "usable": unknown(0.5, chance.choice([0.5, 2.0, 5.0, 24.0])),
        }
        for number in range(chance.randint(2, 14))
    ]


def kilometres(one, other):
    """By the angle between two positions; None where one is not known, or both are one point."""
    east, north, far_east, far_north = (
        math.radians(each[name]) for each in (one, other) for name in ("longitude", "latitude")
    )
    if math.isnan(east) or math.isnan(far_east) or (east, north) == (far_east, far_north):
        return None
    cosine = math.sin(north) * math.sin(far_north) + math.cos(north) * math.cos(far_north) * math.cos(
        east - far_east
    )
    return EARTH * math.acos(min(cosine, 1))


def farness(giver, taker):
    """For the order alone: who stands at the same point is nearest, who is nowhere farthest."""
    if math.isnan(giver["longitude"]) or math.isnan(taker["longitude"]):
        return math.inf
    way = kilometres(giver, taker)
    return 0.0 if way is None else way


def proposed(stores, across):
    """(item, donor, receiver, quantity, packs, same district, kilometres) in the order they are decided."""
    for item in dict.fromkeys(store["item"] for store in stores):
        mine = [dict(store) for store in stores if store["item"] == item]
        for store in mine:
            stock, average = store["stock"], store["average"]
            sound = not math.isnan(stock) and average > 0
            lasts, kept = (
                stock / average if sound else None,
                (store["to_delivery"] + store["least"]) * average,
            )
            rich, poor = sound and lasts > store["most"], sound and lasts < store["least"]
            store["spare"] = (stock - kept) // store["pack"] * store["pack"] if rich else 0
            store["need"] = kept - stock if poor else 0
        for same in (True, False) if across else (True,):
            yield from one_pass(mine, same)


def one_pass(mine, same):
    takers = [store for store in mine if store["need"] > 0]
    takers.sort(key=lambda store: (store["stock"] / store["average"], -store["average"]))
    for taker in takers:
        near = [
            store for store in mine if store["spare"] > 0 and (store["district"] == taker["district"]) == same
        ]
        for giver in sorted(near, key=lambda store: (farness(store, taker), -store["spare"])):
            packs = packs_of(giver, taker)
            if packs > 0:
                quantity = packs * giver["pack"]
                giver["stock"], giver["spare"] = giver["stock"] - quantity, giver["spare"] - quantity
                taker["stock"], taker["need"] = taker["stock"] + quantity, max(taker["need"] - quantity, 0)
                yield giver, taker, quantity, packs, same
            if taker["need"] <= 0:
                break


def packs_of(giver, taker):
    pack = giver["pack"]
    packs = min(math.ceil(taker["need"] / pack), giver["spare"] / pack)
    if not math.isnan(giver["usable"]):
        packs = min(packs, (giver["usable"] * taker["average"] - taker["stock"]) / pack)
    return max(math.floor(packs + 1e-9), 0)


@pytest.mark.parametrize("across", [True, False])
@pytest.mark.parametrize("seed", range(60))
def test_the_transfers_are_those_of_the_rule(seed, across):
    stores = random_stores(seed)
    before = {store["place"]: store["stock"] / (store["average"] or math.nan) for store in stores}
    expected, found = list(proposed(stores, across)), propose(pd.DataFrame(stores), across)
    assert len(found) == len(expected)
    for row, (giver, taker, quantity, packs, same) in zip(found.itertuples(), expected, strict=True):
        assert (row.item, row.donor, row.receiver) == (giver["item"], giver["place"], taker["place"])
        assert (row.quantity, row.packs, row.same_district) == (quantity, packs, same)
        way = kilometres(giver, taker)
        assert row.kilometres == pytest.approx(math.nan if way is None else way, abs=0.01, nan_ok=True)
        assert (row.donor_before, row.receiver_before) == (before[giver["place"]], before[taker["place"]])
        after = giver["stock"] / giver["average"], taker["stock"] / taker["average"]
        assert (row.donor_after, row.receiver_after) == pytest.approx(after)
        assert row.expiry_known == (not np.isnan(giver["usable"]))
