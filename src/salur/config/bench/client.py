"""A small client: some threads, one kept-alive connection each, asking for pages and timing the whole answers."""

import http.client
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from time import perf_counter


class WrongPage(RuntimeError):
    """An answer was not the page that was asked for: its time would measure something else."""


@dataclass(frozen=True)
class Page:
    """An address to ask for, and what its answer must hold: a status and a piece of its text."""

    path: str
    holds: str
    status: int = 200


def ask(port: int, cookie: str, pages: Sequence[Page], *, count: int, at_once: int) -> list[float]:
    """The seconds of `count` requests by `at_once` threads, going round `pages`. Raises WrongPage."""
    todo = list(islice(cycle(pages), count))
    taken: list[float] = []
    wrong: list[str] = []
    threads = [
        threading.Thread(target=_ask, args=(port, cookie, todo[number::at_once], taken, wrong))
        for number in range(at_once)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise WrongPage(wrong[0])
    return taken


def _ask(port: int, cookie: str, pages: Sequence[Page], taken: list[float], wrong: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        for page in pages:
            start = perf_counter()
            connection.request("GET", page.path, headers={"Cookie": cookie})
            answer = connection.getresponse()
            body = answer.read()
            taken.append(perf_counter() - start)
            told = body.decode("utf-8", "replace") + answer.headers.get("Location", "")
            if answer.status != page.status or page.holds not in told:
                wrong.append(f"{page.path} answered {answer.status}, without {page.holds!r}")
                return
    except (OSError, http.client.HTTPException) as problem:
        wrong.append(f"no answer: {type(problem).__name__}")
    finally:
        connection.close()
