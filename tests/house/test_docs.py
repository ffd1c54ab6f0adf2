"""The documentation names what there is, its links lead somewhere, and the site lists every page."""

import importlib
import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml
from django.apps import apps

from salur.channels.registry import PLATFORMS
from salur.config import cli
from salur.config.environment import Environment
from salur.desk.officer import MAY
from salur.kernel.events import Event

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in sorted(DOCS.rglob("*.md"))}
TEXTS |= {name: (ROOT / name).read_text(encoding="utf-8") for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md")}
LINK = re.compile(r"!?\[[^\]]*\]\(([^()\s]+)\)")
FENCED = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)


def of(name: str) -> str:
    return TEXTS[f"docs/{name}"]


def commands() -> Iterator[tuple[str, click.Command]]:
    """Every command that can be typed, groups left out: ("sop check", command)."""
    for name in cli.COMMANDS:
        command = cli.Commands().get_command(click.Context(cli.cli), name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from ((f"{name} {part}", one) for part, one in command.commands.items())
        else:
            yield name, command


def event_kinds() -> dict[str, str]:
    """Every kind of event with the name of its class."""
    for path in (ROOT / "src" / "salur").glob("*/events.py"):
        importlib.import_module(f"salur.{path.parent.name}.events")
    return {kind.KIND: kind.__name__ for kind in Event.__subclasses__() if kind.__module__.startswith("salur.")}


def models() -> list[str]:
    return sorted(model.__name__ for model in apps.get_models() if model.__module__.startswith("salur."))


def anchor(heading: str) -> str:
    """The anchor of a heading, as GitHub and mkdocs make it of plain words."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def broken_links(page: str, text: str) -> Iterator[str]:
    """Links of a page that lead to no file or to no heading; addresses elsewhere are not followed."""
    for target in LINK.findall(FENCED.sub("", text)):
        name, _, place = target.partition("#")
        if re.match(r"[a-z]+:", name):
            continue
        path = (ROOT / page).parent / name if name else ROOT / page
        if not path.exists():
            yield f"{page}: {target} does not exist"
        elif place and place not in {anchor(found) for found in re.findall(r"^#+ (.+)$", path.read_text(), re.M)}:
            yield f"{page}: {target} has no such heading"


def machine_paths(text: str) -> list[str]:
    """Folders of somebody's own machine."""
    return re.findall(r"(?<![\w.$~/])/(?:home|Users|root|work|mnt)/\w+", text)


@pytest.mark.parametrize("name", sorted(Environment.model_fields))
def test_every_setting_is_explained(name: str) -> None:
    assert f"| `SALUR_{name.upper()}` |" in of("reference/settings.md")


def test_no_setting_is_explained_that_is_not_there() -> None:
    source = "\n".join(path.read_text() for path in (ROOT / "src").rglob("*.py"))
    known = {f"SALUR_{name.upper()}" for name in Environment.model_fields} | set(re.findall(r"SALUR_[A-Z_]+", source))
    named = {name for text in TEXTS.values() for name in re.findall(r"\bSALUR_[A-Z_]+\b", text)}
    assert named - known == set()


def test_every_command_is_explained_with_its_options() -> None:
    text, missing = of("reference/commands.md"), []
    for name, command in commands():
        row = re.search(rf"^\| `salur {name}(?= |`).*$", text, re.MULTILINE)
        shown = [one for one in command.params if isinstance(one, click.Option) and not one.hidden]
        options = [one.opts[0] for one in shown if one.name != "password"]
        missing += [f"{name} {option}" for option in ["", *options] if not row or option not in row[0]]
    assert missing == []


def test_every_event_is_explained_and_has_a_word() -> None:
    kinds = event_kinds()
    assert kinds
    assert [kind for kind, name in kinds.items() if f"`{kind}`" not in of("GLOSSARY.md")] == []
    rows = of("reference/events.md")
    assert [kind for kind, name in kinds.items() if not re.search(rf"`{re.escape(kind)}`.*`{name}`", rows)] == []


def test_heard_events_carry_the_bell() -> None:
    event_kinds()
    heard = {kind.KIND for kind in Event.__subclasses__() if kind.HEARD and kind.__module__.startswith("salur.")}
    assert set(re.findall(r"`([a-z_.]+)` 🔔", of("reference/events.md"))) == heard


@pytest.mark.parametrize("name", models())
def test_every_model_has_a_word(name: str) -> None:
    assert re.search(rf"^\|.*\| `{name}`", of("GLOSSARY.md"), re.MULTILINE)


def test_every_platform_and_act_is_named() -> None:
    assert [name for name in PLATFORMS if f"`{name}`" not in of("reference/commands.md")] == []
    assert [name for name in PLATFORMS if f"`{name}`" not in of("explanation/said-once.md")] == []


def test_the_table_of_roles_is_as_wide_as_the_code() -> None:
    rows = re.findall(r"^\| [^|]+ \|((?: ✓? ?\|){5})$", of("reference/roles.md"), re.MULTILINE)
    order = ("operator", "approver", "coordinator", "leader", "administrator")
    told = {frozenset(role for role, cell in zip(order, row.split("|"), strict=False) if "✓" in cell) for row in rows}
    assert told == {frozenset(str(role) for role in roles) for roles in MAY.values()}


def test_links_lead_somewhere() -> None:
    assert [broken for page, text in TEXTS.items() for broken in broken_links(page, text)] == []


def test_a_broken_link_would_be_found() -> None:
    assert list(broken_links("docs/index.md", "[x](nowhere.md)")) == ["docs/index.md: nowhere.md does not exist"]
    assert len(list(broken_links("docs/index.md", "[x](PATH.md#nothing)"))) == 1


def test_the_site_lists_every_page_once() -> None:
    def pages(entry: object) -> Iterator[str]:
        if isinstance(entry, str):
            yield entry
        for part in entry.values() if isinstance(entry, dict) else entry if isinstance(entry, list) else []:
            yield from pages(part)

    listed = list(pages(yaml.safe_load((ROOT / "mkdocs.yml").read_text())["nav"]))
    assert sorted(listed) == sorted(name.removeprefix("docs/") for name in TEXTS if name.startswith("docs/"))


def test_no_page_knows_somebodys_machine() -> None:
    assert machine_paths("see /home/rani/salur") == ["/home/rani"]
    assert {page: found for page, text in TEXTS.items() if (found := machine_paths(text))} == {}


def test_decisions_carry_status_and_date() -> None:
    pages = {name: text for name, text in TEXTS.items() if re.search(r"decisions/\d{4}-", name)}
    assert pages
    wanted = re.compile(r"^Status: (accepted|replaced by \[\d{4}\]\(\S+\))\. Date: \d{4}-\d{2}-\d{2}\.$", re.MULTILINE)
    assert [name for name, text in pages.items() if not wanted.search(text)] == []


def test_pictures_are_light() -> None:
    assert [path.name for path in (DOCS / "images").glob("*") if path.stat().st_size > 300_000] == []
