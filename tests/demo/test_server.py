"""The embedded server's port: taken first, so that nothing is made for nothing."""

import socket
import subprocess
import sys
from pathlib import Path

from tests.servers import ROOT


def test_a_taken_port_is_refused_with_the_next_one_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "demo", "--port", str(port), "--data", str(tmp_path / "kept")]
        refused = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert refused.returncode == 2
    assert refused.stderr == f"Port {port} is in use: choose another with --port {port + 1}\n"
    assert not (tmp_path / "kept").exists()
