"""What citizens fill in, and how it is checked."""

import uuid
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from salur.agencies.models import Agency
from salur.channels.models import Account
from salur.channels.ports import Attachment
from salur.intake.file_types import ACCEPT, MAX_FILES, MAX_TOTAL
from salur.intake.uploads import attachment_of
from salur.portal.words import KINDS

MIN_TEXT = 10
MAX_TEXT = 20_000


class ManyFiles(forms.ClearableFileInput):
    """A file field that takes several files."""

    allow_multiple_selected = True


class AttachmentsField(forms.FileField):
    """Up to five photographs or PDF files, as clean attachments."""

    widget = ManyFiles(attrs={"class": "form-control", "accept": ACCEPT})

    def clean(self, data: Any, initial: Any = None) -> list[Attachment]:
        """The files with a safe name and the type that their content shows. Raises ValidationError."""
        files: list[UploadedFile] = [file for file in (data if isinstance(data, list | tuple) else [data]) if file]
        if len(files) > MAX_FILES:
            raise forms.ValidationError(
                ngettext("Choose at most %(n)d file.", "Choose at most %(n)d files.", MAX_FILES) % {"n": MAX_FILES}
            )
        if sum(file.size or 0 for file in files) > MAX_TOTAL:
            raise forms.ValidationError(gettext("Together the files are larger than 15 MB. Leave one out."))
        return [attachment_of(file) for file in files]


class SpokenForm(forms.Form):
    """What every form has that writes a message: the words, files, a key against repeats and a trap for robots."""

    text = forms.CharField(widget=forms.Textarea(attrs={"class": "form-control", "rows": 8, "maxlength": MAX_TEXT}))
    attachments = AttachmentsField(
        label=_("Photographs or documents"),
        required=False,
        help_text=_("Up to 5 files (JPEG, PNG, WebP, HEIC or PDF), 5 MB each and 15 MB together."),
    )
    website = forms.CharField(
        label=_("Leave this field empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off", "class": "form-control"}),
    )
    form_id = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_form_id(self) -> uuid.UUID:
        """The key this page was given; a fresh one when it is missing or no key."""
        try:
            return uuid.UUID(self.cleaned_data["form_id"])
        except ValueError:
            return uuid.uuid4()

    def clean_website(self) -> str:
        """Empty. Robots fill it; a person is told so, as their words must not be lost."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(gettext("This field must stay empty. Please clear it and send again."))
        return ""

    def clean(self) -> dict[str, Any]:
        """The fields with the text checked: ten characters, or any word beside a file."""
        super().clean()
        text = self.cleaned_data.get("text", "").replace("\r\n", "\n")
        if len(text) > MAX_TEXT:
            self.add_error(
                "text", gettext("The text is too long; at most 20,000 characters. Attach the rest as a PDF file.")
            )
        if text and len(text) < self.least_text():
            self.add_error("text", gettext("Please write a little more, so that we know what happened and where."))
        return {**self.cleaned_data, "text": text}

    def least_text(self) -> int:
        """How many characters are enough."""
        return 1 if self.cleaned_data.get("attachments") else MIN_TEXT


class ReportForm(SpokenForm):
    """A new report. `accounts` are the portal accounts of the governments that take reports here."""

    government = forms.ChoiceField(
        label=_("Which government is it about?"),
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text=_(
            "If you are not sure, choose the one that seems nearest. If it is another government's matter, we tell you."
        ),
    )
    agency = forms.ChoiceField(
        label=_("Agency"),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        help_text=_("You need not know this. Leave it and the report goes to who can act."),
    )
    kind = forms.ChoiceField(
        label=_("What kind of report is it?"),
        required=False,
        widget=forms.Select(attrs={"class": "form-select"}),
        choices=[("", _("I am not sure")), *KINDS.items()],
    )
    title = forms.CharField(
        label=_("In a few words"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    location = forms.CharField(
        label=_("Where is it?"),
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"class": "form-control"}),
        help_text=_("Village, street, landmark, kilometre: whatever helps to find the place."),
    )
    name = forms.CharField(
        label=_("Your name"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=200,
        widget=forms.EmailInput(attrs={"class": "form-control", "autocomplete": "email"}),
    )
    phone = forms.RegexField(
        label=_("Phone"),
        required=False,
        regex=r"^[+()\d][\d ().+-]{5,24}$",
        strip=True,
        error_messages={"invalid": _("Write the number with digits, such as 0812 3456 7890.")},
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "tel", "inputmode": "tel"}),
    )
    anonymous = forms.BooleanField(
        label=_("Hide my name"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        help_text=_("The agency that the report is about and the public do not see who you are."),
    )
    confidential = forms.BooleanField(
        label=_("Keep the report confidential"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
        help_text=_("Your words never show on a public page, not even on the tracking page of your number."),
    )

    def __init__(self, *args: Any, accounts: list[Account], agencies: list[Agency], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = gettext("What happened?")
        self.fields["text"].help_text = gettext(
            "Say what, where and since when. Leave out identity numbers and other people's personal data."
        )
        self.fields["text"].error_messages["required"] = gettext("Please write what happened.")
        self.choices("government", [(account.government.code, account.government.name) for account in accounts])
        self.choices("agency", [("", gettext("Let the system choose")), *((one.code, one.name) for one in agencies)])
        self.fields["agency"].error_messages["invalid_choice"] = gettext(
            "This agency does not belong to the government you chose. Choose one again, or leave it to the system."
        )

    def choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        """Set what one of the select fields offers."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices


class ResponseForm(SpokenForm):
    """A further message to a report that is there already."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = gettext("Your message")
        self.fields["text"].widget.attrs["rows"] = 4
        self.fields["text"].error_messages["required"] = gettext("Please write your message.")

    def least_text(self) -> int:
        """One: "yes" answers a question."""
        return 1
