"""The seed corpus is sound: every line can be used, every function is spoken of, nothing is in it twice."""

import re
from collections import Counter
from pathlib import Path

import pytest

from salur.agencies.load import catalogue
from salur.triage.corpus_file import HEAD, BadLine, examples


def test_every_function_of_the_catalogue_has_invented_reports_and_no_other_is_named() -> None:
    number = Counter(one.function for one in examples())
    assert set(number) - {""} == {one.code for one in catalogue().functions}
    assert all(number[one.code] >= 30 for one in catalogue().functions) and number.total() > 4_000


def test_what_is_no_report_has_no_function_and_reports_have_one() -> None:
    for one in examples():
        if one.kind in ("small_talk", "broadcast", "spam", "abuse"):
            assert one.function == ""
        elif one.kind != "praise":
            assert one.function, one.text


def test_nothing_is_in_it_twice_and_no_number_of_a_person() -> None:
    texts = [" ".join(one.text.lower().split()) for one in examples()]
    assert [text for text, times in Counter(texts).items() if times > 1] == []
    assert [text for text in texts if re.search(r"\d{9,}", text)] == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("roads_bridges\tregency\tcomplaint\tshort", "five columns"),
        ("roads_bridges\tregency\tcomplaint\tshort\t ", "five columns"),
        ("roads_bridges\tcity\tcomplaint\tshort\tJalan rusak", "level 'city'"),
        ("roads_bridges\tregency\tanger\tshort\tJalan rusak", "kind 'anger'"),
        ("roads_bridges\tregency\tcomplaint\tsoon\tJalan rusak", "horizon 'soon'"),
    ],
)
def test_a_wrong_line_is_named_with_what_is_wrong(tmp_path: Path, line: str, problem: str) -> None:
    good = "roads_bridges\tregency\tcomplaint\tshort\tJalan rusak"
    (tmp_path / "reports-own.tsv").write_text("\n".join((HEAD, good, line)), encoding="utf-8")
    with pytest.raises(BadLine, match=rf"reports-own.tsv, line 3: .*{problem}"):
        list(examples(tmp_path))


def test_a_file_without_its_head_is_refused(tmp_path: Path) -> None:
    (tmp_path / "reports-own.tsv").write_text("Jalan rusak\n", encoding="utf-8")
    with pytest.raises(BadLine, match="first line"):
        list(examples(tmp_path))
