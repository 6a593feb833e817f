"""A ray cluster of one machine for the tests of this folder; it is started at first use."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
_PATIENCE = 180.0


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One cluster is enough: whoever needs it runs in one process, one after another."""
    for item in items:
        if "cluster" in getattr(item, "fixturenames", ()) or "[ray" in item.name:
            item.add_marker(pytest.mark.xdist_group("ray"))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the cluster. Under CI it must be there; elsewhere a test without ray is skipped."""
    if "CI" not in os.environ:
        pytest.importorskip("ray")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{probe.getsockname()[1]}"
    log = tmp_path_factory.mktemp("ray") / "log"
    command = ["start", "--head", "--block", f"--port={address.rpartition(':')[2]}", "--node-ip-address=127.0.0.1"]
    command += [
        "--num-cpus=2",
        "--include-dashboard=false",
        "--disable-usage-stats",
        f"--object-store-memory={1 << 28}",
    ]
    # It listens on this machine alone, for as long as the tests run.
    access = {"RAY_AUTH_MODE": "disabled"}
    environment = {
        **access,
        "PYTHONPATH": str(ROOT),
        "RAY_raylet_start_wait_time_s": "120",
        "RAY_ENABLE_UV_RUN_RUNTIME_ENV": "0",
    }
    with log.open("wb") as said:
        node = subprocess.Popen(
            [str(Path(sys.executable).parent / "ray"), *command],
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=subprocess.STDOUT,
            env={**os.environ, **environment},
            start_new_session=True,
        )
    try:
        _await(node, log)
        with pytest.MonkeyPatch.context() as patch:
            for name, value in access.items():
                patch.setenv(name, value)
            yield address
    finally:
        with suppress(ProcessLookupError):
            os.killpg(node.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            node.wait(5)
        with suppress(ProcessLookupError):
            os.killpg(node.pid, signal.SIGKILL)
        node.wait()


def _await(node: "subprocess.Popen[bytes]", log: Path) -> None:
    """Until the cluster says that it is there."""
    end = time.monotonic() + _PATIENCE
    while "--block" not in log.read_text("utf-8", "replace") and "Ray runtime started" not in log.read_text(
        "utf-8", "replace"
    ):
        assert node.poll() is None and time.monotonic() < end, log.read_text("utf-8", "replace")
        time.sleep(0.2)
