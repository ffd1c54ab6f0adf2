"""Answers of the Open311 door in the two formats of GeoReport v2: JSON, and XML with its own element names."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.etree import ElementTree as ET

from django.http import HttpResponse, JsonResponse

_UNFIT = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML document may hold (XML 1.0, section 2.2)."""


class Fault(Exception):
    """A request that cannot be served. `status` is the HTTP status and the standard's code; the text is shown."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


def rows(form: str, names: tuple[str, str], found: Sequence[Mapping[str, Any]], status: int = 200) -> HttpResponse:
    """A list; `names` are the XML elements around the whole and around each row."""
    if form == "json":
        return JsonResponse(list(found), safe=False, status=status, json_dumps_params={"ensure_ascii": False})
    root = ET.Element(names[0])
    for one in found:
        _fill(ET.SubElement(root, names[1]), one)
    return _document(root, status)


def single(form: str, name: str, found: Mapping[str, Any]) -> HttpResponse:
    """One object; `name` is its XML element."""
    if form == "json":
        return JsonResponse(dict(found), json_dumps_params={"ensure_ascii": False})
    root = ET.Element(name)
    _fill(root, found)
    return _document(root, 200)


def refused(form: str, fault: Fault) -> HttpResponse:
    """An error in the form of the standard: its list of codes and descriptions."""
    told = {"code": fault.status, "description": fault.description}
    return rows(form, ("errors", "error"), [told], fault.status)


def _fill(element: ET.Element, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        child = ET.SubElement(element, name)
        if isinstance(value, list | tuple):
            for one in value:
                _fill(ET.SubElement(child, name.removesuffix("s")), one)
        elif isinstance(value, bool):
            child.text = "true" if value else "false"
        elif value is not None:
            child.text = _UNFIT.sub("", str(value))


def _document(root: ET.Element, status: int) -> HttpResponse:
    body = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return HttpResponse(body, status=status, content_type="text/xml; charset=utf-8")
