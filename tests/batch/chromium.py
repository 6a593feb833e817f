"""A page as a browser shows it, by chromium without a window."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote

import pytest
from lxml import html

_FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update", "--virtual-time-budget=4000"),
)


def shown(page: Path, profile: Path, address: str = "") -> html.HtmlElement:
    """The document at `page#address` after its scripts have run. Skips without chromium; fails in CI."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        complaint = "chromium is not installed"
        if "CI" in os.environ:
            pytest.fail(complaint)
        pytest.skip(complaint)
    url = f"{page.as_uri()}#{quote(address, safe='=&-')}"
    command = [program, *_FLAGS, f"--user-data-dir={profile}", "--dump-dom", url]
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    return html.fromstring(done.stdout.decode("utf-8"))
