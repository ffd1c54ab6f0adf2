"""What officers type about a case that takes longer: its horizon, its milestones, its reviews."""

import re
from datetime import date
from typing import Any

from django import forms
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from salur.cases import words
from salur.cases.schedule import HORIZONS
from salur.desk.case_forms import CaseForm, DoneForm, said
from salur.desk.forms import after_today, area, choices, day
from salur.desk.stand import Stand
from salur.sop.document.rules import HorizonRule
from salur.sop.horizon import is_news, puts_off
from salur.sop.saying import in_words
from salur.sop.vocabulary import PLANS
from salur.sop.words import PLANS as PLAN_CODES

_DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})\s+(.+)")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})\s+(.+)")


class HorizonForm(CaseForm):
    """How long the matter will take; what takes longer has all that the SOP demands for it."""

    horizon = forms.ChoiceField(
        label=_("Handling"),
        choices=choices(HORIZONS, words.HORIZONS),
        widget=forms.RadioSelect,
        help_text=_(
            "Short: settled within the SOP's days. Medium: needs a budget or works of this or next year. "
            "Long: needs a plan over several years."
        ),
    )
    reason = area(
        _("Why it is handled so"),
        _("The citizens are told this text. Needed for every change but an earlier review."),
        required=False,
        rows=2,
        longest=1_000,
    )
    owner = forms.CharField(label=_("Person or unit in charge"), required=False, max_length=160)
    plan = forms.ChoiceField(label=_("Plan it stands in"), required=False)
    plan_reference = forms.CharField(
        label=_("Reference in the plan"),
        required=False,
        max_length=200,
        help_text=_("For example: RKPD 2027, page or activity code."),
    )
    promised_on = day(_("Promised date"), _("By this day the matter is done. The citizens see it."), required=False)
    review_on = day(_("Next review"), _("On that day the citizens are told how far it is."), required=False)
    milestones = area(
        _("Milestones"),
        _("One a line: date and name, such as 31-03-2027 Contract signed. The citizens see them."),
        required=False,
        rows=4,
        longest=4_000,
    )

    def __init__(self, *args: Any, stand: Stand, **kwargs: Any) -> None:
        super().__init__(*args, stand=stand, **kwargs)
        allowed: set[str] = {plan for rule in self._rules().values() for plan in rule.plans} or set(PLAN_CODES)
        named = [(code, _capital(in_words(PLANS[code]))) for code in PLAN_CODES if code in allowed]
        self.offer("plan", [("", _("None")), *named])
        self.fields["plan"].help_text = self._which_plan()
        rules = self._rules()
        if self.is_bound:
            rules = {name: rule for name, rule in rules.items() if name == self.data.get("horizon")}
        for demand in {demand for rule in rules.values() for demand in rule.requires}:
            self.fields[demand].required = True
            self.fields[demand].error_messages["required"] = gettext("The SOP demands this for the chosen handling.")

    def _rules(self) -> dict[str, HorizonRule]:
        document = self.stand.document
        return {str(name): rule for name, rule in document.horizons.items()} if document else {}

    def _which_plan(self) -> str:
        lines = [
            f"{said(rule.name)}: {', '.join(in_words(PLANS[code]) for code in rule.plans)}."
            for rule in self._rules().values()
            if rule.plans
        ]
        return " ".join(lines)

    def clean_promised_on(self) -> date | None:
        """A new promise lies ahead; a short-term case has none."""
        return self._ahead("promised_on")

    def clean_review_on(self) -> date | None:
        """A review lies ahead and is not put off here; a short-term case has none."""
        state = self.stand.state
        scheduled = self.data.get("horizon") != "short"
        if scheduled and state and state.review_on and state.review_on < timezone.localdate():
            raise forms.ValidationError(gettext("The review is late: review the report first."))
        chosen = self._ahead("review_on")
        if state and state.review_on and puts_off(state, self.data.get("horizon", ""), chosen):
            standing = formats.date_format(state.review_on, "j F Y")
            raise forms.ValidationError(
                gettext("The next review stands at %(day)s. Only a review puts it off; an earlier day is fine.")
                % {"day": standing}
            )
        return chosen

    def _ahead(self, name: str) -> date | None:
        chosen: date | None = self.cleaned_data[name]
        if self.data.get("horizon") == "short":
            return None
        standing = getattr(self.stand.state, name, None)
        return chosen if chosen and chosen == standing == timezone.localdate() else after_today(chosen)

    def clean_milestones(self) -> list[tuple[str, date]]:
        """Every line a date and a name. Raises ValidationError that names the line."""
        lines = [line.strip() for line in self.cleaned_data["milestones"].splitlines()]
        return [_milestone(line) for line in lines if line]

    def clean(self) -> dict[str, Any]:
        """What the SOP demands for the chosen horizon is there, each complaint beside its field."""
        found = super().clean() or {}
        rule = self._rules().get(str(found.get("horizon", "")))
        plan = found.get("plan")
        if rule and plan and rule.plans and plan not in rule.plans:
            self.add_error("plan", gettext("The SOP does not name this plan for the chosen handling."))
        if self._is_news(found) and not found.get("reason", "").strip():
            self.add_error("reason", gettext("Say why: the citizens are told."))
        return found

    def _is_news(self, found: dict[str, Any]) -> bool:
        """Whether the citizens are told of it, as far as the answers can be read."""
        state, names = self.stand.state, ("owner", "plan", "plan_reference", "promised_on", "review_on")
        if state is None or "horizon" not in found:
            return False
        given = {name: found[name] for name in names if name in found}
        milestones = found.get("milestones", [(one.name, one.on) for one in state.milestones])
        return is_news(state, horizon=found["horizon"], milestones=milestones, **given)


def _milestone(line: str) -> tuple[str, date]:
    if year_first := _YEAR_FIRST.fullmatch(line):
        year, month, on, name = year_first.groups()
    elif day_first := _DAY_FIRST.fullmatch(line):
        on, month, year, name = day_first.groups()
    else:
        raise forms.ValidationError(
            gettext("Write a date and a name, such as 31-03-2027 Contract signed, instead of: %(line)s")
            % {"line": line[:80]}
        )
    try:
        return name.strip()[:120], date(int(year), int(month), int(on))
    except ValueError as error:
        raise forms.ValidationError(gettext("No such day: %(line)s") % {"line": line[:80]}) from error


class MilestoneForm(DoneForm):
    """Which milestone was reached."""

    name = forms.ChoiceField(label=_("Milestone"))
    note = area(_("What was done"), _("Citizens do not see it."), required=False, rows=2)

    def __init__(self, *args: Any, stand: Stand, **kwargs: Any) -> None:
        super().__init__(*args, stand=stand, **kwargs)
        waiting = [one for one in stand.state.milestones if one.reached_at is None] if stand.state else []
        self.offer("name", [(one.name, f"{one.name} ({formats.date_format(one.on, 'j M Y')})") for one in waiting])


class ReviewForm(CaseForm):
    """What the review found."""

    note = area(_("How far it is"), _("The citizens are told this text."))
    next_review_on = day(_("Next review"), _("A date after today."))

    def clean_next_review_on(self) -> date | None:
        """A review lies ahead."""
        return after_today(self.cleaned_data["next_review_on"])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
