"""What import-linter cannot see: who writes where, keys between rooms, sizes, names, words.

A rule over source text is a function from a parsed file to the complaints about it; SAMPLES holds for each a text that
it must complain about, so that no rule can rot into one that never fails.
"""

import ast
import configparser
import re
import tokenize
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from io import StringIO
from pathlib import Path
from typing import TypeVar

import pytest
from django.apps import apps
from django.db.models import Field, Model

from salur.cases.templatetags.case_words import ICONS
from salur.kernel.tenancy import Tenant

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "salur"
WINDOWS = ("desk", "portal", "api", "insight")
OWN_RESULTS = "insight/lab/runs.py"
"""What the lab was asked and found is nobody's matter but its own: the one table above the rooms, kept by one file."""
WRITES = {"create", "get_or_create", "update_or_create", "bulk_create", "bulk_update", "delete", "save"}
WRITES |= {"acreate", "aget_or_create", "aupdate_or_create", "abulk_create", "abulk_update", "adelete", "asave"}
PURE = ("worktime", "language", "channels/ports.py", "channels/platforms", "channels/ways.py", "channels/hooks.py")
PURE += ("channels/counting.py", "channels/guarded.py", "channels/guide.py", "channels/outside.py")
PURE += ("channels/silence.py", "intake/fold.py", "intake/order.py", "intake/photo.py")
PURE += ("publishing/personal.py", "publishing/plan.py", "publishing/wording.py")
PURE += ("sop/document/", "sop/engine/", "sop/printing/", "sop/proofs/", "sop/compare.py", "sop/inherit.py")
PURE += ("sop/overlay.py", "sop/matching.py", "sop/field_words.py", "sop/vocabulary.py", "triage/rules.py")
PURE += ("triage/classifier.py", "triage/corpus_file.py", "triage/kinds.py", "triage/measures.py", "triage/teach.py")
PURE += ("triage/same.py", "triage/same_index.py", "triage/same_measure.py")
FORBIDDEN_FILES = {"utils", "helpers", "services", "signals", "misc", "common"}

T = TypeVar("T", bound=ast.AST)


@dataclass(frozen=True)
class Source:
    """One source file: where it stands in the house, and its text."""

    place: str  # "cases/open.py"
    text: str

    @property
    def room(self) -> str:
        return self.place.partition("/")[0]

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    def nodes(self, *kinds: type[T]) -> Iterator[T]:
        return (node for node in ast.walk(self.tree) if isinstance(node, kinds))


def house() -> list[Source]:
    paths = [path for path in sorted(SOURCE.rglob("*.py")) if "migrations" not in path.parts]
    return [Source(path.relative_to(SOURCE).as_posix(), path.read_text()) for path in paths]


def storeys() -> dict[str, int]:
    """Return each room's storey, the higher the number the higher the room, as .importlinter has them."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    lines = contracts["importlinter:contract:rooms"]["layers"].split("\n")
    return {room.strip(): -n for n, line in enumerate(filter(str.strip, lines)) for room in line.split("|")}


def name_of(call: ast.Call) -> str:
    return getattr(call.func, "attr", getattr(call.func, "id", ""))


def root_of(node: ast.expr) -> str:
    """Return the name an expression such as `Case.objects.filter(...)` begins with."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""


# -- rules over one file


def writes_in_a_neighbours_table(source: Source) -> Iterator[str]:
    foreign = {
        alias.asname or alias.name
        for node in source.nodes(ast.ImportFrom)
        if re.fullmatch(r"salur\.\w+(\.models)?", node.module or "")
        and (node.module or "").split(".")[1] != source.room
        and ((node.module or "").endswith(".models") or node.names[0].name == "models")
        for alias in node.names
    }
    for call in source.nodes(ast.Call):
        if name_of(call) in WRITES | {"update", "aupdate"} and root_of(call.func) in foreign:
            yield f"{call.lineno}: {root_of(call.func)}.{name_of(call)}() belongs in the room that owns the table"


def a_window_that_writes(source: Source) -> Iterator[str]:
    if source.room not in WINDOWS or source.place == OWN_RESULTS:
        return
    for call in source.nodes(ast.Call):
        queryset_update = name_of(call) in ("update", "aupdate") and call.keywords and not call.args
        if isinstance(call.func, ast.Attribute) and (name_of(call) in WRITES or queryset_update):
            yield f"{call.lineno}: .{name_of(call)}() in a window; act through journey.act"


def a_window_at_the_tables(source: Source) -> Iterator[str]:
    if source.room not in WINDOWS or source.place.endswith("queries.py") or source.place == OWN_RESULTS:
        return
    for node in source.nodes(ast.Attribute):
        if node.attr in ("objects", "_default_manager", "_base_manager", "cursor"):
            yield f"{node.lineno}: .{node.attr} in a window; ask the room's queries.py"


def a_back_door(source: Source) -> Iterator[str]:
    if source.room == "config":  # the roof may use every room: it has nothing to hide
        return
    for call in source.nodes(ast.Call):
        if name_of(call) in ("get_model", "import_module", "import_string", "__import__", "eval", "exec"):
            yield f"{call.lineno}: {name_of(call)}() hides a dependency from the import contracts"


def a_django_signal(source: Source) -> Iterator[str]:
    for node in source.nodes(ast.ImportFrom):
        if node.module in ("django.dispatch", "django.db.models.signals", "django.core.signals"):
            yield f"{node.lineno}: no Django signals; record an event and name it in journey/route.py"


def an_import_inside_a_function(source: Source) -> Iterator[str]:
    lines = source.text.splitlines()
    for function in source.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom) and "# here because " not in lines[node.lineno - 1]:
                yield f"{node.lineno}: import inside {function.name}(); move it up or add `# here because ...`"


def a_file_too_long(source: Source) -> Iterator[str]:
    if (length := len(source.text.splitlines())) > 400:
        yield f"{length} lines, 400 are allowed"


def a_function_too_long(source: Source) -> Iterator[str]:
    for function in source.nodes(ast.FunctionDef, ast.AsyncFunctionDef):
        length = (function.end_lineno or 0) - function.lineno + 1
        if length > 50:
            yield f"{function.lineno}: {function.name}() has {length} lines, 50 are allowed"


def a_room_without_its_sentence(source: Source) -> Iterator[str]:
    if source.place.count("/") == 1 and source.place.endswith("/__init__.py"):
        said = ast.get_docstring(source.tree) or ""
        if not said.endswith(".") or len(said) > 100:
            yield "says what the room is in one sentence of at most 100 characters"


def a_drawer_for_everything(source: Source) -> Iterator[str]:
    if FORBIDDEN_FILES & set(source.place.removesuffix(".py").split("/")):
        yield "name the file for what it decides or does"


def a_public_name_without_meaning(source: Source) -> Iterator[str]:
    if not source.place.startswith(PURE) or source.place.endswith("__init__.py"):
        return
    for node in source.tree.body:
        named = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        if named and not node.name.startswith("_") and not ast.get_docstring(node):
            yield f"{node.lineno}: {node.name} is public and says nothing about itself"


def a_print(source: Source) -> Iterator[str]:
    if source.room != "config":
        for call in source.nodes(ast.Call):
            if isinstance(call.func, ast.Name) and call.func.id == "print":
                yield f"{call.lineno}: only the command line prints"


def an_unargued_exception(source: Source) -> Iterator[str]:
    for token in tokenize.generate_tokens(StringIO(source.text).readline):
        if token.type == tokenize.COMMENT:
            if re.search(r"\b(TODO|FIXME|XXX)\b", token.string):
                yield f"{token.start[0]}: do it, or file it"
            if re.search(r"noqa|type: ignore", token.string) and token.string.count("#") < 2:
                yield f"{token.start[0]}: an exception needs its reason, after a second #"


def a_route_that_decides(source: Source) -> Iterator[str]:
    if source.place == "journey/route.py":
        deciding = (
            ast.If
            | ast.IfExp
            | ast.For
            | ast.While
            | ast.FunctionDef
            | ast.Lambda
            | ast.BoolOp
            | ast.Match
            | ast.DictComp
        )
        for node in source.nodes(ast.AST):
            if isinstance(node, deciding):
                yield f"{node.lineno}: the route is a table; put the condition into the verb"


SAMPLES: dict[Callable[[Source], Iterator[str]], tuple[str, str]] = {
    writes_in_a_neighbours_table: (
        "sop/x.py",
        "from salur.cases.models import Case\nCase.objects.filter().update(n=1)",
    ),
    a_window_that_writes: ("desk/x.py", "def f(case): case.save()"),
    a_window_at_the_tables: ("portal/x.py", "n = Case.objects.count()"),
    a_back_door: ("triage/x.py", "apps.get_model('sop', 'Sop')"),
    a_django_signal: ("cases/x.py", "from django.db.models.signals import post_save"),
    an_import_inside_a_function: ("cases/x.py", "def f():\n    import json"),
    a_file_too_long: ("cases/x.py", "1\n" * 401),
    a_function_too_long: ("cases/x.py", "def f():\n" + "    1\n" * 50),
    a_room_without_its_sentence: ("cases/__init__.py", ""),
    a_drawer_for_everything: ("cases/utils.py", ""),
    a_public_name_without_meaning: ("worktime/x.py", "def f(): return 1"),
    a_print: ("cases/x.py", "print(1)"),
    an_unargued_exception: ("cases/x.py", "n = 1  # type: ignore[x]"),
    a_route_that_decides: ("journey/route.py", "R = {} if DEBUG else {1: 2}"),
}


@pytest.mark.parametrize("rule", SAMPLES, ids=lambda rule: rule.__name__)
def test_the_house_has_no(rule: Callable[[Source], Iterator[str]]) -> None:
    complaints = [f"{source.place}:{complaint}" for source in house() for complaint in rule(source)]
    assert not complaints, "\n".join(complaints)


@pytest.mark.parametrize("rule", SAMPLES, ids=lambda rule: rule.__name__)
def test_the_rule_catches(rule: Callable[[Source], Iterator[str]]) -> None:
    assert list(rule(Source(*SAMPLES[rule])))


# -- rules over the tables


def relations() -> Iterator[tuple[type[Model], Field]]:  # type: ignore[type-arg]  # any field
    for model in apps.get_models():
        for field in model._meta.get_fields():
            if model.__module__.startswith("salur.") and field.is_relation and not field.auto_created:
                yield model, field


def test_foreign_keys_point_down() -> None:
    floor, wrong = storeys(), []
    for model, field in relations():
        here, there = model._meta.app_label, field.related_model._meta.app_label
        if here != there and there in floor and floor[there] >= floor[here]:
            wrong.append(f"{model.__name__}.{field.name}: {here} -> {there}")
    assert wrong == []


def test_nobody_looks_up_through_a_foreign_key() -> None:
    wrong = [
        f"{model.__name__}.{field.name}"
        for model, field in relations()
        if field.related_model._meta.app_label != model._meta.app_label and not field.remote_field.hidden
    ]
    assert wrong == [], 'give it related_name="+"'


def test_windows_have_no_tables() -> None:
    assert [model.__name__ for model in apps.get_models() if model._meta.app_label in WINDOWS] == ["LabRun"]


def test_every_tenant_table_carries_its_government() -> None:
    tenants = [model for model in apps.get_models() if issubclass(model, Tenant)]
    assert tenants
    assert [t.__name__ for t in tenants if "government_id" not in {f.attname for f in t._meta.concrete_fields}] == []


def test_the_storeys_name_every_room() -> None:
    assert set(storeys()) == {path.parent.name for path in SOURCE.glob("*/__init__.py")}


# -- rules over templates and locks


def templates() -> dict[str, Path]:
    return {path.as_posix().split("/templates/")[1]: path for path in sorted(SOURCE.rglob("templates/**/*.*"))}


def test_every_template_is_used() -> None:
    # Django and allauth look for these by names of their own.
    called_by_others = re.compile(r"(400|403|403_csrf|404|500)\.html|(account|allauth|mfa|django)/.*")
    texts = [source.text for source in house()] + [path.read_text() for path in templates().values()]
    unused = [name for name in templates() if not any(f'"{name}"' in text or f"'{name}'" in text for text in texts)]
    assert [name for name in unused if not called_by_others.fullmatch(name)] == []


def test_every_icon_used_is_on_the_sheet() -> None:
    known = set(re.findall(r'"([a-z0-9-]+)"', (ROOT / "scripts" / "vendor.toml").read_text().split("names =")[1]))
    included = re.compile(r'icon\.html" with name="([a-z0-9-]+)"')
    used = {(name, icon) for name, path in templates().items() for icon in included.findall(path.read_text())}
    used |= {("case_words.py", icon) for icon in (*ICONS.values(), "message")}
    assert len(used) > 20, "the pattern no longer finds how templates include icons"
    assert [f"{name}: {icon}" for name, icon in sorted(used) if icon not in known] == []


def test_locks_hold_hashes_and_no_addresses() -> None:
    assert '"resolved"' not in (ROOT / "package-lock.json").read_text()
    for lock in (ROOT / "requirements").glob("*.lock"):
        text = lock.read_text()
        pins = re.findall(r"^(\S+?)==\S+[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)
        assert len(pins) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE | re.IGNORECASE)), lock.name
        assert not re.search(r"https?://|--index-url|--find-links", text), lock.name
