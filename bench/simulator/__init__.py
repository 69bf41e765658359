"""A simulator of devices, links, the server and DHIS2, all drawn from one seed: what breaks, breaks again.

    python -m bench.simulator --seeds 1000 [--from 0]      # failing seeds are printed and kept
    python -m bench.simulator --seed 17 --trace            # one again, with all that happened in it
    python -m bench.simulator --planted                    # which seed finds which planted fault

The ledger, the outbox and what reads and writes DHIS2's form are the real ones, on a real SQLite; devices
(`device`), the way to the server (`server`) and DHIS2's form (`form`) are told here in plain words. After a
time of outages, kills and people who type into DHIS2 everything heals, and what must hold is looked at
(`breaches`). `planted` puts faults into the real code, to show that the simulator finds them.
"""
