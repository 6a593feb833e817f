"""A number is quoted as the sheet prints it: what the format rounds, scales or adds is what a reviewer sees."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reviewer.reading.xlsx.printed import general, print_number, print_text

ACCOUNTING = '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ '

PRINTED = [
    ("0.985", "0.0%", "98.5%"),
    ("0.9833333333333333", "0.00%", "98.33%"),
    ("1234567.891", "#,##0.00", "1,234,567.89"),
    ("0.30000000000000004", "General", "0.3"),
    ("0.1", "0.00", "0.10"),
    ("2.675", "0.00", "2.68"),
    ("1.005", "0.00", "1.01"),
    ("99.995", "0.00", "100.00"),
    ("1234567.891", "General", "1234567.891"),
    ("0.333333333333333", "General", "0.333333333"),
    ("12345678901", "General", "12345678901"),
    ("123456789012", "General", "1.23457E+11"),
    ("0.000001234", "General", "1.234E-06"),
    ("-98.5", "General", "-98.5"),
    ("1234.5", ACCOUNTING, "1,234.50"),
    ("-1234.5", ACCOUNTING, "-1,234.50"),
    ("0", ACCOUNTING, "-"),
    ("-1234.5", "#,##0.00_);(#,##0.00)", "-1,234.50"),
    ("-1234.5", "#,##0.00;[Red]#,##0.00", "-1,234.50"),
    ("-1234.5", "#,##0.00;[Red]-#,##0.00", "-1,234.50"),
    ("-3", "0;0", "3"),
    ("123456", '0!.0,"万"', "12.3万"),
    ("12345678", '0"."00,,', "0.12"),
    ("123456", '0.00,"千元"', "123.46千元"),
    ("5", '0"万元"', "5万元"),
    ("12345", '[>=10000]0!.0,"万";0', "1.2万"),
    ("-0.5", "[>=10000]#,##0;0.00", "-0.50"),
    ("0", '0.00;-0.00;"—"', "—"),
    ("0", ";;;", ""),
    ("12345.678", "0.00E+00", "1.23E+04"),
    ("12345.678", "##0.0E+0", "12.3E+3"),
    ("0.75", "# ?/?", "3/4"),
    ("2.5", "# ??/??", "2 1/2"),
    ("7", "000", "007"),
    ("123", "0,000", "0,123"),
    ("1234.5", "#,##0.0#", "1,234.5"),
    ("13800138000", "000-0000-0000", "138-0013-8000"),
    ("5", "[$¥-804]#,##0.00", "¥5.00"),
    ("45292", "yyyy/m/d", "2024/1/1"),
    ("45292.75", 'yyyy"年"m"月"d"日" h:mm', "2024年1月1日 18:00"),
    ("45292", '[DBNum1][$-804]yyyy"年"m"月"d"日"', "二〇二四年一月一日"),
    ("45292", "aaaa", "星期一"),
    ("45292.5208333333", "h:mm:ss", "12:30:00"),
    ("0.5208333333", '上午/下午h"时"mm"分"', "下午12时30分"),
    ("1.5", "[h]:mm", "36:00"),
    ("60", "yyyy-mm-dd", "1900-02-28"),
]


@pytest.mark.parametrize(("stored", "code", "shown"), PRINTED)
def test_a_number_is_printed_as_its_format_says(stored: str, code: str, shown: str) -> None:
    printed = print_number(Decimal(stored), code)
    assert printed.known
    assert printed.text.strip() == shown


def test_dates_of_a_workbook_from_1904_are_four_years_later() -> None:
    assert print_number(Decimal(43830), "yyyy/m/d", from_1904=True).text == "2024/1/1"


@pytest.mark.parametrize(
    ("stored", "code"),
    [("12", "[DBNum2]General"), ("5", "[未知]0"), ("-3", "yyyy/m/d"), ("5", "0" * 300), ("3000000", "yyyy/m/d")],
)
def test_a_format_that_is_not_understood_gives_the_bare_value_and_says_so(stored: str, code: str) -> None:
    printed = print_number(Decimal(stored), code)
    assert not printed.known
    assert printed.text == stored


def test_words_take_what_their_format_adds() -> None:
    assert print_text("档案", '@"局"') == "档案局"
    assert print_text("档案", "0.00") == "档案"
    assert print_text("档案", ";;;") == ""


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4), st.integers(0, 4))
def test_thousands_and_decimals_are_those_of_decimal_arithmetic(value: Decimal, places: int) -> None:
    code = "#,##0" + ("." + "0" * places if places else "")
    shown = print_number(value, code).text
    assert abs(Decimal(shown.replace(",", "")) - value) <= Decimal(1).scaleb(-places) / 2
    assert shown.lstrip("-") == f"{abs(Decimal(shown.replace(',', ''))):,.{places}f}"


@given(st.integers(-(10**10) + 1, 10**10 - 1))
def test_whole_numbers_stay_whole_in_a_general_cell(value: int) -> None:
    assert general(Decimal(value)) == str(value)
