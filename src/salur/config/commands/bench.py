"""`salur bench`."""

import json
import sys
from pathlib import Path

import click

from salur.agencies.models import Government
from salur.config.base import load_base
from salur.config.bench import report
from salur.config.bench.figures import Figure
from salur.config.bench.home import NotOurHome, end_what_was_started, home, inside, run_inside
from salur.config.bench.machine import this_machine
from salur.config.bench.measure_gate import NoLoad, NotKept, gate
from salur.config.bench.measure_gate import million as store_many
from salur.config.bench.measure_gate_kills import kills
from salur.config.bench.measure_intake import intake
from salur.config.bench.measure_live import NotSeen, live
from salur.config.bench.measure_pages import pages
from salur.config.bench.measure_reading import reading
from salur.config.bench.measure_rules import deadlines, readings
from salur.config.bench.measure_sop import sop
from salur.config.bench.reading_sets import NoTexts
from salur.config.bench.way import Way, follow
from salur.config.ready import everything

NAMES = ("deadline", "triage", "intake", "pages", "way", "sop", "gate", "live", "reading")
MILLION = 1_000_000


@click.command("bench")
@click.argument("name", required=False, type=click.Choice(NAMES))
@click.option(
    "--home",
    "kept",
    type=click.Path(file_okay=False, path_type=Path),
    help="Measure in this folder and keep it: a population is found again. Without it everything is thrown away.",
)
@click.option("--cases", default=100_000, show_default=True, type=click.IntRange(min=100), help="Cases behind `pages`.")
@click.option(
    "--history", default=200_000, show_default=True, type=click.IntRange(min=50), help="Cases of `sop`'s year."
)
@click.option(
    "--open", "open_cases", default=100_000, show_default=True, type=click.IntRange(min=10), help="Open cases of `sop`."
)
@click.option("--reports", default=1000, show_default=True, type=click.IntRange(min=1), help="Reports of `intake`.")
@click.option("--rounds", default=5, show_default=True, type=click.IntRange(min=1), help="Rounds of a measure.")
@click.option("--requests", default=100, show_default=True, type=click.IntRange(min=1), help="Requests for a page.")
@click.option(
    "--seconds", default=4, show_default=True, type=click.IntRange(min=1), help="Seconds of a round of `gate`, `live`."
)
@click.option("--kills", "killed", default=20, show_default=True, type=click.IntRange(min=0), help="Kills of `gate`.")
@click.option(
    "--million", is_flag=True, help="`gate` stores a million deliveries: the end's speed against the start's."
)
@click.option(
    "--texts",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="The folder of labelled texts behind `reading`.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def bench_command(
    name: str | None, kept: Path | None, texts: Path | None, as_json: bool, million: bool, **sizes: int
) -> None:
    """Measure this machine: medians, p99 and the ratio to the best peer.

    \b
    deadline  deadlines of 14 working days a second
    triage    readings of 300 characters a second
    intake    from a filled form to the acknowledged case
    pages     list, search and case page at 100,000 cases
    way       the files that one report touches, and two-way pairs among them
    sop       folds, deadlines, a draft tried on a year, open cases counted anew
    gate      signed hooks a second beside three references, and kill -9 under load; needs wrk, only when named
    live      from a signed hook to the open page of an operator, at 10, 50 and 100 a second; only when named
    reading   how well texts of other cities are read, beside the usual baseline; needs --texts, only when named

    Works on a home and a database of its own, durable as always, never on the data of this installation.
    """
    if name == "reading" and texts is None:
        raise click.UsageError("reading needs --texts: the folder that holds the labelled texts.")
    if not inside():
        names = {"open_cases": "open", "killed": "kills"}
        options = [f"--{names.get(key, key)}={value}" for key, value in sizes.items()]
        options += [f"--texts={texts.resolve()}"] if texts else []
        options += [option for option, given in (("--json", as_json), ("--million", million)) if given]
        try:
            with home(kept) as folder:
                sys.exit(run_inside(folder, [*([name] if name else []), *options]))
        except NotOurHome as problem:
            raise click.UsageError(str(problem)) from problem
    end_what_was_started()
    with everything(create=True):
        if not Government.objects.exists():
            load_base(progress=True)
        machine = this_machine()
        if not as_json:
            click.echo(f"Machine: {machine.line()}")
        try:
            figures, way = measure(name, million=million, texts=texts, **sizes)
        except (NoLoad, NotKept, NotSeen, NoTexts) as problem:
            raise click.ClickException(str(problem)) from problem
    if as_json:
        click.echo(json.dumps(report.as_json(machine, figures, way), ensure_ascii=False, indent=2))
        return
    for line in [*report.table(figures), "", *report.notes(figures)] if figures else []:
        click.echo(line)
    for stage, one in way.items():
        for line in report.of_way(stage, one):
            click.echo(line)


def measure(
    name: str | None,
    *,
    cases: int,
    history: int,
    open_cases: int,
    reports: int,
    rounds: int,
    requests: int,
    seconds: int,
    killed: int,
    million: bool,
    texts: Path | None,
) -> tuple[list[Figure], dict[str, Way]]:
    """Run one measure, or all: first what needs an empty database."""
    figures: list[Figure] = []
    way: dict[str, Way] = {}
    if name in (None, "deadline"):
        figures += deadlines(count=2000, rounds=rounds)
    if name in (None, "triage"):
        figures += readings(count=300, rounds=rounds)
    if name in (None, "way"):
        way = follow()
    if name in (None, "intake"):
        figures += intake(single=max(1, reports // 20), rounds=rounds, many=reports)
    if name in (None, "pages"):
        figures += pages(cases=cases, requests=requests)
    if name in (None, "sop"):
        figures += sop(history=history, open_cases=open_cases, rounds=rounds)
    if name == "gate":
        figures += gate(rounds=rounds, seconds=seconds)
        figures += kills(killed) if killed else []
        figures += store_many(MILLION, seconds=seconds) if million else []
    if name == "live":
        figures += live(seconds=seconds)
    if name == "reading" and texts is not None:
        figures += reading(texts)
    return figures, way
