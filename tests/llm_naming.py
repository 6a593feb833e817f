"""What the tests of naming a model share: empty places, a settings file, refusals that show no key."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from reviewer.errors import ModelMisconfigured
from reviewer.llm.config import connect
from reviewer.llm.config_file import Config, load_config
from reviewer.llm.connection import Connection

KEY = "sk-not-for-anyones-eyes-0001"
OTHER = "sk-not-for-anyones-eyes-0002"


@pytest.fixture(autouse=True)
def empty_places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory and configuration directory."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return work


def wrote(text: str, path: Path | None = None) -> Config:
    path = path or Path("reviewer.toml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return load_config({})


def key(connection: Connection) -> str:
    return connection.api_key.get_secret_value()


def refused(
    model: str | None,
    base_url: str | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    config: Config | None = None,
) -> ModelMisconfigured:
    with pytest.raises(ModelMisconfigured) as caught:
        connect(model, base_url, environ=environ or {}, config=config)
    for secret in (KEY, OTHER):
        assert secret not in caught.value.message + caught.value.hint
    return caught.value
