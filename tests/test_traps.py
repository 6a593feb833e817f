"""The false alarms the field warns of, one by one: each must pass without an error or a warning."""

from pathlib import Path

import pytest

from reviewer.review import review
from reviewer.schema import Severity

HEAD = "砚溪县水文站2023年度部门整体支出绩效自评报告\n\n一、收支情况\n\n"
TRAPS = {
    "initial and adjusted budget": "2023年年初预算数812.40万元，因省级补助资金下达追加96.60万元，调整后预算数909.00万元，全年执行数886.28万元，预算执行率97.50%。",
    "appropriations and all funds": "全年收入合计950.00万元，其中财政拨款收入912.00万元；财政拨款支出903.00万元，全年支出合计938.50万元。",
    "a list that is not exhaustive": "项目支出420.00万元，其中：测站维护186.50万元，设备更新120.30万元。",
    "cumulative and annual": "本年完成站房改造6座。截至2023年底累计完成站房改造41座，累计投入1260.00万元。本年投入182.00万元。",
    "visits and persons": "全年接待群众320人次，涉及群众215人。",
    "shares of different bases": "基本支出480.00万元，占支出合计900.00万元的53.33%；人员经费400.00万元，占基本支出的83.33%。",
    "equal after rounding": "全年支出合计1,286.40万元，约合0.13亿元。全年支出合计1286.4万元。",
    "a target in other words": "群众满意度目标为超过95%，实际满意度96.2%。",
    "years, documents, telephones, headings": "根据财绩〔2023〕12号文件，2021—2023年连续三年开展自评，联系电话0571-88880123，邮编310000。\n\n（一）二十大精神学习\n\n落实“三公”经费管理要求，参加“一带一路”水文交流。",
    "a scale of its own": "本次自评总分86分，评定等级为优秀。按上级办法，得分≥85分为优秀，75分≤得分<85分为良好，得分<75分为一般。",
    "rounded parts": "总支出100.0万元，其中：基本支出33.33万元，项目支出66.67万元。",
    "batches and persons of parts": "接待来访120批486人次，其中集体访6批180人次。",
    "two projects, each its own rate": "甲站改造项目预算200.00万元，支出190.00万元，执行率95%；乙站改造项目预算100.00万元，支出99.00万元，执行率99%。",
}


@pytest.mark.parametrize("text", TRAPS.values(), ids=TRAPS.keys())
def test_a_known_trap_raises_neither_error_nor_warning(text: str, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(f"{HEAD}{text}\n", encoding="utf-8")
    found = [f for f in review([path]).findings if f.severity is not Severity.NOTE]
    assert not found, [(f.code, f.message, f.calculation) for f in found]
