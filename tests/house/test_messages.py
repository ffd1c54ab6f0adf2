"""Every text of the screens is there in Indonesian, and says the same with the same gaps."""

import ast
import re
from pathlib import Path

import polib
import pytest

SOURCE = Path(__file__).parents[2] / "src" / "salur"
CATALOGUES = sorted(SOURCE.glob("**/locale/*/LC_MESSAGES/*.po"))
GAP = re.compile(r"%\((\w+)\)[sd]|{(\w+)}")
# {% translate "..." %}, {% trans '...' %}, _("...") and gettext's other names, where the text is one plain literal
IN_TEMPLATE = re.compile(r"""{%\s*(?:translate|trans)\s+(?:"([^"]+)"|'([^']+)')""")


def test_there_is_an_indonesian_catalogue() -> None:
    assert [path for path in CATALOGUES if path.parts[-3] == "id"]


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: "/".join(path.parts[-3:]))
def test_nothing_waits_for_a_translator(path: Path) -> None:
    catalogue = polib.pofile(str(path))
    assert [entry.msgid for entry in catalogue.untranslated_entries()] == []
    assert [entry.msgid for entry in catalogue.fuzzy_entries()] == []


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: "/".join(path.parts[-3:]))
def test_translations_keep_the_gaps(path: Path) -> None:
    wrong = []
    for entry in polib.pofile(str(path)):
        known = set(GAP.findall(entry.msgid + entry.msgid_plural))
        said = [entry.msgstr] if entry.msgstr else list(entry.msgstr_plural.values())
        wrong += [text for text in said if not set(GAP.findall(text)) <= known]
    assert wrong == []


def test_every_text_of_the_templates_is_in_the_catalogue() -> None:
    known = {e.msgid for path in CATALOGUES if path.parts[-3] == "id" for e in polib.pofile(str(path))}
    used = {
        (path.name, double or single)
        for path in SOURCE.rglob("templates/**/*.*")
        for double, single in IN_TEMPLATE.findall(path.read_text())
    }
    assert [f"{name}: {text}" for name, text in sorted(used) if text not in known] == [], "run `make messages`"


def test_every_sentence_of_the_pure_rooms_is_in_the_catalogue() -> None:
    """What is marked with `_` of `sop/document/said.py` is translated where it is shown, so no tool misses it there."""
    known = {e.msgid for path in CATALOGUES if path.parts[-3] == "id" for e in polib.pofile(str(path))}
    texts = [(path.name, path.read_text()) for path in SOURCE.rglob("*.py")]
    marked = {
        (name, node.args[0].value)
        for name, text in texts
        if "salur.sop.document.said import" in text
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "_" and isinstance(node.args[0], ast.Constant)
    }
    assert len(marked) > 300, "the pattern no longer finds how sentences are marked"
    assert [f"{name}: {text}" for name, text in sorted(marked) if text not in known] == []
