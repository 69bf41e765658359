"""Which tests stay together and which come first where several processes share a run.

To start an installation costs as much as ten tests: files that look at the same one stay in one process.
So do those of the country that is generated once.
What takes long comes first, so that the processes end together.
"""

from xdist.scheduler import LoadFileScheduling

BROWSER = "tests/browser/test_"
OF_BOTH = tuple(
    f"{BROWSER}{name}.py" for name in ("compare_axe", "compare_feel", "compare_views", "every_country")
)
OF_WHOTOPIA = (f"{BROWSER}store_", f"{BROWSER}programmes_expiry.py")
GENERATED = "tests/demo/whotopia/"
LONG = (
    "tests/test_run.py",
    "tests/test_app.py",
    "tests/test_architecture.py",
    "tests/dashboard/test_random_views.py",
    "tests/dashboard/test_takeaway.py",
    "tests/ledger/test_outbox.py",
    "tests/ledger/test_others_values.py",
    GENERATED,
    "tests/loaders/test_events.py",
    "tests/loaders/test_sync_faults.py",
    "tests/dashboard/test_dhis2_indicators.py",
    "tests/indicators/test_oracle.py",
    "tests/indicators/test_attribution.py",
)
FIRST = ("whotopia", "ivory coast", "both countries")


def group_of(file: str) -> str:
    """What a file belongs to: the installation that it opens, the country that is generated, or itself."""
    if file in OF_BOTH:
        return FIRST[2]
    if file.startswith(OF_WHOTOPIA):
        return FIRST[0]
    if file.startswith(GENERATED):
        return GENERATED
    return FIRST[1] if file.startswith(BROWSER) else file


def place_of(nodeid: str) -> int:
    """The place in the queue, of the group of a test; those that are named nowhere share the last one."""
    file = nodeid.partition("::")[0]
    group = group_of(file)
    if group in FIRST:
        return FIRST.index(group)
    long = (at for at, name in enumerate(LONG) if file.startswith(name))
    return len(FIRST) + next(long, len(LONG))


class ByInstallation(LoadFileScheduling):
    """Gives a process all tests of a group at once; `--dist loadfile` of pytest-xdist asks for it."""

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid.partition("::")[0])
