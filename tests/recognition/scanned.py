"""What the tests of text recognition share: a scanned report, and a machine without the extra."""

import os
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from eval.pictures import PAGE, Page, Press, has_font
from reviewer.reading.page_lines import Picture
from reviewer.reading.recognition import installed

needs_recognition = pytest.mark.skipif(
    "CI" not in os.environ and not (installed() and has_font()), reason="the extra ocr or a Chinese font is missing"
)
"""With CI set the test runs, and fails for want of them."""

HEADER = ("支出经济分类", "预算数", "决算数")
TABLE = (
    HEADER,
    ("工资福利支出", "560.00", "552.38"),
    ("商品和服务支出", "240.10", "231.47"),
    ("资本性支出", "80.00", "71.56"),
    ("合计", "880.10", "855.41"),
)
PARAGRAPHS = (
    "砺阳县档案馆2023年度部门整体支出绩效自评报告",
    "一、资金情况",
    # 基本支出 and 项目支出 are 10.00 less than the whole.
    "全年支出总计902.36万元，其中：基本支出627.61万元，项目支出264.75万元。查档1,208人次，满意度97.65%。",
    "单位：万元",
)
NUMBERS = ["2023", "902.36", "627.61", "264.75", "1,208", "97.65"]


@cache
def page(dpi: int = 200) -> Page:
    """One page of the report, as it was printed."""
    press = Press(dpi)
    for paragraph in PARAGRAPHS:
        press.paragraph(paragraph)
    press.table(TABLE, (0.4, 0.3, 0.3))
    (made,) = press.pages
    return made


def picture(image: Image.Image, number: int = 1) -> Picture:
    """The page's picture as a scanner hands it over."""
    width, height = PAGE
    return Picture(number, image, *((height, width) if image.width > image.height else (width, height)))


def without_the_extra(folder: Path) -> dict[str, str]:
    """The environment of a command that finds no text recognition installed."""
    folder.joinpath("sitecustomize.py").write_text(
        "import sys\nsys.modules['rapidocr_onnxruntime'] = None\n", encoding="utf-8"
    )
    return {"PYTHONPATH": os.pathsep.join((str(folder), str(Path(__file__).resolve().parents[2])))}
