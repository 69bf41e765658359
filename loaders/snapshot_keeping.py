"""How long earlier versions are kept, and how their files go.

Every version of the last two days is kept, and of each earlier month the last one ("what did we know in
March?"). A version's files are removed only when no kept manifest names them and they were superseded more
than a day ago, so a reader that took a manifest has a day to read what it names.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from deltalake import DeltaTable

from loaders.snapshot import Snapshot, Snapshots

ALL_FOR = timedelta(days=2)
READERS_HAVE = timedelta(days=1)


def to_keep(
    versions: Iterable[tuple[int, datetime]], now: datetime, all_for: timedelta = ALL_FOR
) -> set[int]:
    """Which versions stay: the current one, the recent ones, and the last of each earlier month.

    Args:
        versions: number and moment of creation, in any order.
        now: the present moment.
        all_for: how long every version is kept.
    """
    ordered = sorted(versions)
    last_of_month = {(made.year, made.month): number for number, made in ordered}
    recent = {number for number, made in ordered if now - made <= all_for}
    return recent | set(last_of_month.values()) | {number for number, _ in ordered[-1:]}


def prune(snapshots: Snapshots, now: datetime | None = None) -> list[int]:
    """Forget versions that need not be kept, and remove files of theirs; call it as the one writer.

    Returns:
        The versions forgotten.
    """
    current = snapshots.current()
    if current is None:
        return []
    kept = {each.version: each for each in snapshots.readable() if each.version <= current.version}
    made = [(n, datetime.fromisoformat(s.manifest["created_at"])) for n, s in kept.items()]
    stay = to_keep(made, now or datetime.now(UTC))
    gone = sorted(set(kept) - stay)
    for number in gone:
        (snapshots.folder / "manifests" / f"{number:06d}.json").unlink()
    if gone:
        _vacuum(snapshots, [s for n, s in kept.items() if n in stay])
    return gone


def _vacuum(snapshots: Snapshots, kept: list[Snapshot]) -> None:
    hours = int(READERS_HAVE.total_seconds() // 3600)
    for folder in sorted((snapshots.folder / "tables").iterdir()):
        named = {
            s.manifest["tables"][folder.name]["version"] for s in kept if folder.name in s.manifest["tables"]
        }
        DeltaTable(folder).vacuum(
            hours, dry_run=False, enforce_retention_duration=False, full=True, keep_versions=sorted(named)
        )
