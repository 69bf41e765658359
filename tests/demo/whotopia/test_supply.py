"""What depots send: whole packs, and opened ones for those who use little."""

import numpy as np

from demo.whotopia import supply


def test_depots_send_whole_packs_and_open_them_for_those_who_use_little():
    sizes = supply.pack_sizes(np.array([100]), np.array([[500.0, 3.0]]))
    assert sizes.tolist() == [[100, 10]]
    assert supply.packs(np.array([[149.0, 4.0]]), sizes).tolist() == [[100, 10]]
    assert supply.packs(np.array([[0.0, 16.0]]), sizes).tolist() == [[0, 20]]
