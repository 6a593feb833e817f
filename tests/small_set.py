"""A small set of labelled reports in a folder, for tests of running, gating and the command line."""

from pathlib import Path

SOUND = "甲县档案站2023年度部门整体支出绩效自评报告\n\n一、收支\n\n全年支出100.00万元，其中：基本支出60.00万元，项目支出40.00万元。\n"
BROKEN = "乙县水文站2023年度部门整体支出绩效自评报告\n\n一、收支\n\n全年支出300.00万元，其中：基本支出160.00万元，项目支出130.00万元。\n"
_LABELS = """
report = "{name}.txt"
set = "{set}"
kind = "department_overall"
unit = "{unit}"
year = 2023
template = "none"
layout = "text"
figures = [
 {{ id = "whole", at = "全年支出[{whole}]", measure = "全年支出", role = "actual" }},
 {{ id = "a", at = "基本支出[{a}]", measure = "基本支出", role = "actual" }},
 {{ id = "b", at = "项目支出[{b}]", measure = "项目支出", role = "actual" }},
]
claims = [ {{ kind = "sum", plus = ["a", "b"], result = "whole", outcome = "{outcome}" }} ]
"""
_FINDING = 'findings = [ { family = "SUM", severity = "error", evidence = "全年支出[300.00万元]", why = "290" } ]\n'


def small_set(folder: Path) -> Path:
    """Two reports with labels, one sound and one with a sum that does not hold."""
    folder.mkdir(exist_ok=True)
    (folder / "sound.txt").write_text(SOUND, encoding="utf-8")
    (folder / "broken.txt").write_text(BROKEN, encoding="utf-8")
    sound = _LABELS.format(
        name="sound",
        set="clean",
        unit="甲县档案站",
        whole="100.00万元",
        a="60.00万元",
        b="40.00万元",
        outcome="verified",
    )
    broken = _LABELS.format(
        name="broken", set="defective", unit="乙县水文站", whole="300.00万元", a="160.00万元", b="130.00万元",
        outcome="contradicted",
    )  # fmt: skip
    (folder / "sound.labels.toml").write_text(sound, encoding="utf-8")
    (folder / "broken.labels.toml").write_text(broken + _FINDING, encoding="utf-8")
    return folder
