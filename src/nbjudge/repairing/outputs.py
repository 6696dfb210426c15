"""What is kept of a file that nobody trusts: text that can be shown and stored, pictures, nothing that could run."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

__all__ = ["mapping", "output", "pictures", "text_of"]

PICTURES = ("image/png", "image/jpeg", "image/gif")
CONTROL = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
BASE64 = re.compile(r"[A-Za-z0-9+/]+={0,2}")


def text_of(value: Any) -> str:
    """Return the text of a source that may be a string or a list of strings, without what cannot be shown or stored."""
    if isinstance(value, list):
        value = "".join(part for part in value if isinstance(part, str))
    text = value if isinstance(value, str) else ""
    return CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))


def mapping(value: Any) -> Mapping[str, Any]:
    """Return a mapping, empty if the value is none."""
    return value if isinstance(value, Mapping) else {}


def pictures(bundle: Mapping[str, Any]) -> dict[str, str]:
    """Return the pictures of a bundle; what only says that it is one might be markup for the teacher's browser."""
    found = {kind: "".join(text_of(bundle[kind]).split()) for kind in PICTURES if bundle.get(kind)}
    return {kind: data for kind, data in found.items() if BASE64.fullmatch(data)}


def output(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return of one output what a browser can show without running anything: pictures and plain text."""
    kind = value.get("output_type")
    if kind == "stream":
        name = "stderr" if value.get("name") == "stderr" else "stdout"
        return {"output_type": "stream", "name": name, "text": text_of(value.get("text"))}
    if kind in {"error", "pyerr"}:
        name, said = text_of(value.get("ename")), text_of(value.get("evalue"))
        return {"output_type": "error", "ename": name, "evalue": said, "traceback": [f"{name}: {said}"]}
    bundle = value.get("data")
    if not isinstance(bundle, Mapping):  # nbformat 3 keeps them beside the type, under short names
        bundle = {"image/png": value.get("png"), "image/jpeg": value.get("jpeg"), "text/plain": value.get("text")}
    shown: dict[str, Any] = {kind: picture for kind, picture in pictures(bundle).items() if picture}
    if words := text_of(bundle.get("text/plain")):
        shown["text/plain"] = words
    return {"output_type": "display_data", "data": shown, "metadata": {}} if shown else {}
