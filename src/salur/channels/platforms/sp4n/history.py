"""What a status of SP4N-LAPOR! says about the past of a report. Status names as facts of its export."""

from typing import Any

from salur.channels.platforms.text import clean_line

# status in plain writing: how far the work had come, who closed it, as what
STATUSES: dict[str, tuple[str, str, str]] = {
    "belum terverifikasi": ("new", "", ""),
    "menunggu kelengkapan informasi": ("held", "", ""),
    "belum ditindaklanjuti": ("referred", "", ""),
    "proses": ("followed_up", "", ""),
    "ditutup oleh sistem": ("closed", "system", "silence"),
    "ditutup oleh admin": ("closed", "officer", "answered"),
    "ditutup oleh pelapor": ("closed", "citizen", "completed"),
    "diarsipkan oleh sistem": ("closed", "system", "archived"),
    "diarsipkan oleh admin": ("closed", "officer", "archived"),
    "diarsipkan oleh pelapor": ("closed", "citizen", "archived"),
    "konten terblokir": ("closed", "officer", "archived"),
}


def knows(status: str) -> bool:
    """Whether this status has a meaning here; an empty one says nothing and is no surprise."""
    return not status or clean_line(status).lower() in STATUSES


def history(status: str, reason: str, agency: str) -> dict[str, Any]:
    """The past as `extra["history"]` carries it: stage, closed_by, outcome, reason, note.

    `stage` is new (nobody has verified it), referred, followed_up, held (the citizen is asked for details) or closed.
    A status that is not known leaves the case open with its agency, and stands in the note like the others do.
    """
    stage, closed_by, outcome = STATUSES.get(clean_line(status).lower(), ("referred", "", ""))
    cells = {"Status": status, "Alasan Tunda/Arsip": reason, "Instansi Terdisposisi": agency}
    return {
        "stage": stage,
        "closed_by": closed_by,
        "outcome": outcome,
        "reason": (reason or status) if closed_by else "",
        "note": "SP4N-LAPOR! " + "; ".join(f"{name}: {cell}" for name, cell in cells.items() if cell),
    }
