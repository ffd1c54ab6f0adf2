"""Many invented cases at once, for measuring pages: valid journals and columns, laid down by COPY.

This writes into the tables of other rooms, past their verbs, which nothing else may do: only ever into a home that was
made for a measurement. That it lays down what the verbs would have written is proved by `ledger.first_break` and
`sop.rebuild`, which find nothing wrong with it.
"""

import hashlib
import json
import random
import secrets
import sys
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import cycle, islice
from typing import Any

import click
from django.apps import apps
from django.db import connection, transaction

from salur.agencies.models import Agency, Government
from salur.cases.models import Case
from salur.cases.number import new_number
from salur.cases.project import COLUMNS
from salur.channels.queries import web_account
from salur.config.bench.invented import Said, reports
from salur.config.bench.stories import APPROVER, NUMBER, OPERATOR, Setting, Story, stories
from salur.intake.events import MessageReceived
from salur.kernel import clock, ledger
from salur.kernel.crypto import blind_index, encrypt
from salur.kernel.events import Fact
from salur.kernel.tenancy import EVERYTHING, use
from salur.sop import escalate
from salur.sop.queries import calendars_for
from salur.sop.versions import document_of, in_force
from salur.triage.read import READER, knowledge_of
from salur.triage.rules import read

PER_STORY = 20
CHUNK = 1000
TABLES: dict[str, str] = {
    "intake_delivery": "id government_id account_id external_id body content_type received_at state reason detail "
    "attempts",
    "intake_message": "id government_id account_id delivery_id external_id subject text spoken_at sender_address "
    "sender_name sender_index extra",
    "triage_reading": "government_id message_id reader abstained result",
    "cases_case": "id government_id number title channel spoken_at opened_at confidential imported",
    "cases_voice": "id government_id case_id account_id name address address_index anonymous confidential",
    "cases_casemessage": "government_id case_id message_id voice_id",
    "publishing_reply": "id government_id case_id purpose text state drafted_by drafted_at approved_by approved_at "
    "return_note",
    "publishing_dispatch": "id government_id reply_id voice_id account_id once_key to to_name subject in_reply_to "
    "references thread_token state external_id attempts not_before sent_at problem",
    "kernel_entry": "government_id stream seq kind at actor data prev_hash hash",
}
TABLES["cases_case"] += " " + " ".join(COLUMNS)
NUMBERED = [table for table, columns in TABLES.items() if columns.startswith("id ")]
Rows = dict[str, list[tuple[Any, ...]]]


def populate(government: Government, people: tuple[str, str], count: int) -> None:
    """Lay down `count` cases of a government, spread over its agencies; `people`: operator and approver, as actors."""
    agencies = list(Agency.objects.filter(government=government).order_by("code").values_list("id", "name"))
    version = in_force(government)
    now = clock.now() - timedelta(minutes=1)
    setting = Setting(government.pk, version, document_of(version.pk), calendars_for(government.pk), now)
    dice = random.Random(7)
    wanted = min(count, max(10 * len(agencies), count // PER_STORY))
    with click.progressbar(
        stories(setting, agencies, wanted, dice), length=wanted, label="Stories", file=sys.stderr
    ) as bar:
        lived = list(bar)
    dice.shuffle(lived)
    _lay_down(_Maker(government, people), islice(cycle(lived), count), count)


def _lay_down(maker: "_Maker", lived: Iterator[Story], count: int) -> None:
    with click.progressbar(length=count, label="Cases", file=sys.stderr) as bar:
        while chunk := list(islice(lived, CHUNK)):
            rows: Rows = {table: [] for table in TABLES}
            for story in chunk:
                maker.add(story, rows)
            with transaction.atomic():
                for table, columns in TABLES.items():
                    copy_rows(table, columns.split(), rows[table])
                with use(EVERYTHING):
                    escalate.project_many(maker.folded)
            maker.folded.clear()
            bar.update(len(chunk))
    with connection.cursor() as cursor:
        for table in NUMBERED:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")


def copy_rows(table: str, columns: Sequence[str], rows: list[tuple[Any, ...]]) -> None:
    """Lay rows down; what `columns` does not name stands at the default of its model."""
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    others = [one for one in model._meta.concrete_fields if one.column not in columns and not one.primary_key]
    named = ", ".join(f'"{column}"' for column in [*columns, *(one.column for one in others)])
    defaults = tuple(one.get_db_prep_save(one.get_default(), connection) for one in others)
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({named}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row + defaults)


class _Maker:
    """Makes the rows of one case after the other, each with numbers of its own."""

    def __init__(self, government: Government, people: tuple[str, str]) -> None:
        account = web_account(government.pk)
        if account is None:
            raise LookupError("this government has no portal: load the base first")
        self.government, self.account, self.people = government, account, people
        self.next = {table: highest(table) + 1 for table in NUMBERED}
        self.said = reports(11)
        self.sealed: dict[str, tuple[str, str, str]] = {}
        self.read: dict[str, tuple[bool, str]] = {}
        self.knowledge = knowledge_of(government)
        self.folded: list[escalate.Told] = []

    def add(self, story: Story, rows: Rows) -> None:
        """Add everything that one case consists of."""
        ids, said, number = self._numbers(), next(self.said), new_number(self.government.code, story.spoken_at)
        government_id, account_id, opened_at = self.government.pk, self.account.pk, story.facts[0].at
        address, name, index = self._sealed(said.name)
        key = f"bench-{ids['intake_message']}"
        body = json.dumps({"form_id": key, "title": said.title, "text": said.text, "name": said.name}).encode()
        rows["intake_delivery"].append(
            (ids["intake_delivery"], government_id, account_id, key, body, "application/json", opened_at)
            + ("understood", "", "", 0)
        )
        rows["intake_message"].append(
            (ids["intake_message"], government_id, account_id, ids["intake_delivery"], key, said.title, said.text)
            + (story.spoken_at, address, name, index, '{"thread_ids": [], "thread_token": ""}')
        )
        abstained, result = self._read(said)
        rows["triage_reading"].append((government_id, ids["intake_message"], READER, abstained, result))
        rows["cases_case"].append(
            (ids["cases_case"], government_id, number, said.title, "web", story.spoken_at, opened_at, False, False)
            + tuple(getattr(story.ended, one) for one in COLUMNS)
        )
        state, document = story.state(story.at), story.setting.document
        self.folded.append((ids["cases_case"], government_id, state, document, story.facts))
        voice = (ids["cases_voice"], government_id, ids["cases_case"], account_id, name, address, index, False, False)
        rows["cases_voice"].append(voice)
        rows["cases_casemessage"].append((government_id, ids["cases_case"], ids["intake_message"], ids["cases_voice"]))
        self._journals(story, number, ids, self._replies(story, number, said, ids, rows), rows)

    def _replies(self, story: Story, number: str, said: Said, ids: dict[str, int], rows: Rows) -> list["_Sent"]:
        address, name, _ = self._sealed(said.name)
        made = []
        for told in story.replies:
            reply_id, dispatch_id = self._number("publishing_reply"), self._number("publishing_dispatch")
            text = told.text.replace(NUMBER, number)
            drafter, approver = self._actor(told.drafted_by), self._actor(told.approved_by)
            state = "approved" if approver else "submitted"
            rows["publishing_reply"].append(
                (reply_id, self.government.pk, ids["cases_case"], told.purpose, text, state, drafter, told.drafted_at)
                + (approver, told.approved_at, "")
            )
            once_key = f"bench.{secrets.token_hex(12)}"
            made.append(_Sent(reply_id, dispatch_id, once_key, hashlib.sha256(text.encode()).hexdigest()))
            if told.sent_at:
                rows["publishing_dispatch"].append(
                    (dispatch_id, self.government.pk, reply_id, ids["cases_voice"], self.account.pk, once_key)
                    + (address, name, said.title, "", "[]", "", "sent", f"page:{once_key}", 1)
                    + (told.approved_at, told.sent_at, "")
                )
        return made

    def _journals(self, story: Story, number: str, ids: dict[str, int], sent: list["_Sent"], rows: Rows) -> None:
        received = MessageReceived(message_id=ids["intake_message"], platform="web")
        first = Fact(1, received.KIND, story.spoken_at, ledger.CITIZEN, received.data())
        self._chain(f"message:{ids['intake_message']}", [first], rows)
        own = {"number": number, "voice_id": ids["cases_voice"], "message_id": ids["intake_message"]}
        facts = [
            Fact(one.seq, one.kind, one.at, self._actor(one.actor), _filled(one.data, own, sent)) for one in story.facts
        ]
        self._chain(f"case:{ids['cases_case']}", facts, rows)

    def _chain(self, stream: str, facts: Sequence[Fact], rows: Rows) -> None:
        prev = ledger.GENESIS
        for fact in facts:
            link, data = ledger.link(prev, stream=stream, fact=fact), json.dumps(fact.data)
            rows["kernel_entry"].append(
                (self.government.pk, stream, fact.seq, fact.kind, fact.at, fact.actor, data, prev, link)
            )
            prev = link

    def _numbers(self) -> dict[str, int]:
        return {
            table: self._number(table) for table in ("intake_delivery", "intake_message", "cases_case", "cases_voice")
        }

    def _number(self, table: str) -> int:
        self.next[table] += 1
        return self.next[table] - 1

    def _actor(self, name: str) -> str:
        return {OPERATOR: self.people[0], APPROVER: self.people[1]}.get(name, name)

    def _sealed(self, name: str) -> tuple[str, str, str]:
        """Address, name and index as the tables hold them; each invented citizen is encrypted once."""
        if name not in self.sealed:
            address = f"{name.split()[0].lower()}@contoh.invalid"
            self.sealed[name] = (encrypt(address), encrypt(name), blind_index(address))
        return self.sealed[name]

    def _read(self, said: Said) -> tuple[bool, str]:
        if said.text not in self.read:
            reading = read(f"{said.title}\n{said.text}", self.knowledge)
            self.read[said.text] = (reading.abstain, json.dumps(reading.to_json()))
        return self.read[said.text]


class _Sent:
    """The numbers of one reply and its sending, and the hash of its text."""

    def __init__(self, reply_id: int, dispatch_id: int, once_key: str, sha256: str) -> None:
        self.reply_id, self.dispatch_id, self.once_key, self.sha256 = reply_id, dispatch_id, once_key, sha256


def _filled(data: Any, own: dict[str, Any], sent: Sequence[_Sent]) -> dict[str, Any]:
    """The data of a fact with the case's own numbers in the story's open places."""
    filled = {name: own.get(name, value) for name, value in data.items()}
    if words := filled.get("acknowledgement"):
        filled["acknowledgement"] = words.replace(NUMBER, own["number"])
    if "question_reply_id" in filled:
        filled["question_reply_id"] = sent[filled["question_reply_id"]].reply_id
    if "reply_id" in filled:
        one = sent[filled["reply_id"]]
        filled["reply_id"] = one.reply_id
        filled |= {"sha256": one.sha256} if "sha256" in filled else {}
        if "dispatch_id" in filled:
            filled |= {"dispatch_id": one.dispatch_id, "external_id": f"page:{one.once_key}"}
    return filled


def highest(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # a name of ours
        return int(cursor.fetchone()[0])


def sample(count: int) -> list[Case]:
    """Cases spread evenly over all there are, for checking that their journals hold."""
    ids = list(Case.objects.order_by("id").values_list("id", flat=True))
    return list(Case.objects.filter(id__in=ids[:: max(1, len(ids) // count)][:count]).order_by("id"))
