"""docs/models.md says what is true: its example works, and its table is that of profiles.toml."""

import json
import re
from decimal import Decimal
from pathlib import Path

from reviewer.llm.config import connect, destination, named_model, resolve
from reviewer.llm.config_file import Config, Limits, NamedProfile, load_config
from reviewer.llm.profiles import Capabilities, Provider, providers

PAGE = (Path(__file__).parent.parent / "docs" / "models.md").read_text(encoding="utf-8")
RUNGS = {"json_schema": "schema", "json_object": "JSON", "fenced": "text"}
HEAD = "| name | address | key | asked by | at a time | sent along | price |\n|---|---|---|---|---|---|---|\n"


def row(provider: Provider) -> str:
    names = ", ".join(f"`{name}`" for name in (provider.name, *provider.aliases))
    address = f"`{provider.base_url}`" if provider.base_url else "–"
    keys = ", ".join(f"`{variable}`" for variable in provider.key_variables) or "–"
    rungs = ", ".join(RUNGS[rung] for rung in provider.rungs)
    sent = f"`{json.dumps(provider.extra_body)}`" if provider.extra_body else "–"
    price = "free" if provider.free else "listed" if provider.price_provider else "unpriced"
    return f"| {names} | {address} | {keys} | {rungs} | {provider.concurrency} | {sent} | {price} |"


def test_the_table_of_endpoints_is_that_of_the_profiles() -> None:
    table = HEAD + "\n".join(row(provider) for provider in providers().values())
    assert table + "\n\n" in PAGE, f"the table should be\n\n{table}"


def test_the_example_of_reviewer_toml_works(tmp_path: Path) -> None:
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    file = tmp_path / "reviewer.toml"
    file.write_text(example, encoding="utf-8")
    config = load_config({}, file)
    environ = {"BUREAU_API_KEY": "b", "DEEPSEEK_API_KEY": "d"}
    assert named_model(None, environ, config) == "@bureau"
    bureau = connect(None, environ=environ, config=config)
    assert destination(bureau) == "Qwen3-32B at 10.0.0.5" and bureau.profile.concurrency == 4
    assert bureau.max_cost == 5 and bureau.read_timeout == 300
    cloud = connect("@cloud", environ=environ, config=config)
    assert cloud.price is not None and cloud.price(1_000_000, 1_000_000) == Decimal("0.70")
    laptop = resolve("@laptop", environ=environ, config=config)
    assert laptop.file == tmp_path / "models/qwen3-8b.gguf" and laptop.threads == 4


def test_every_setting_and_variable_is_told() -> None:
    settings = {*Limits.model_fields, *Capabilities.model_fields, *NamedProfile.model_fields}
    assert [name for name in sorted(settings) if name not in PAGE] == []
    for variable in ("REVIEWER_MODEL", "REVIEWER_BASE_URL", "REVIEWER_API_KEY", "REVIEWER_CONFIG"):
        assert f"`{variable}`" in PAGE


def test_every_name_that_is_shown_can_be_given() -> None:
    head, *names = re.findall(r"^\| `([^`]+)` \|", PAGE.partition("The name is the first")[0], re.MULTILINE)
    assert head == "--model" and len(names) == 6
    for name in names:
        if name[0] != "@" and name != "none":
            resolved = resolve(name, environ={}, config=Config())
            assert resolved.model and (resolved.base_url or resolved.file)
