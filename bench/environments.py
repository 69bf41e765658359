"""Environments of their own for the clients that we are measured against, made once and then kept."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path("build/bench/environments")


@dataclass(frozen=True)
class Peer:
    """A client of others.

    Attributes:
        package: Its name on PyPI.
        script: Its script under `bench/peers`.
        options: What pip needs to be told to install it.
        companions: Packages that its DHIS2 part imports, where they are installed apart.
    """

    package: str
    script: str
    options: tuple[str, ...] = ()
    companions: tuple[str, ...] = ()


PEERS = (
    # It asks for Python 3.12 and, for its other parts, for GDAL; its DHIS2 part needs neither.
    Peer(
        "openhexa-toolbox",
        "openhexa_toolbox.py",
        ("--ignore-requires-python", "--no-deps"),
        ("requests", "python-dateutil", "pandas", "polars", "diskcache", "humanize", "rich", "regex"),
    ),
    Peer("pydhis2", "pydhis2_client.py"),
)


def interpreter(peer: Peer) -> Path:
    """The Python of PEER's environment, which is made when it is not there yet."""
    folder = FOLDER / peer.package
    python = folder / "bin" / "python"
    done = folder / "installed"
    if not done.exists():
        print(f"installing {peer.package} into {folder} ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if peer.companions:
            subprocess.run([*pip, *peer.companions], check=True)
        subprocess.run([*pip, *peer.options, peer.package], check=True)
        done.touch()
    return python


def beside_ours(package: str) -> Path:
    """The Python of an environment that has PACKAGE beside all that ours has; made when it is not there yet.

    For a library that runs our own code: pandas, numpy and pyarrow are those of this environment.
    """
    folder = FOLDER / package.replace("[", "-").replace("]", "")
    python, done = folder / "bin" / "python", folder / "installed"
    if not done.exists():
        print(f"installing {package} into {folder} ...", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(folder)], check=True)
        ours = "\n".join(path for path in sys.path if path.endswith("site-packages"))
        site = folder / "lib" / f"python{sys.version_info.major}.{sys.version_info.minor}" / "site-packages"
        (site / "beside.pth").write_text(ours + "\n", encoding="utf-8")
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, package], check=True)
        done.touch()
    return python.absolute()


def version(peer: Peer) -> str:
    """The version that is installed."""
    code = f"import importlib.metadata as m; print(m.version({peer.package!r}))"
    run = subprocess.run([str(interpreter(peer)), "-c", code], capture_output=True, text=True, check=True)
    return run.stdout.strip()
