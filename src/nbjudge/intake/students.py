"""Whose a file is, by its path: the names that Canvas, Moodle, nbgrader and people give to what students hand in.

Canvas: `muelleranna_LATE_4711_90210_02_scoring-2.ipynb` (sortable name, user, file, the file's own name), and
`muelleranna_4711_text.html` for what was typed into the browser.
Moodle: `Anna Müller_1234567_assignsubmission_file_/02_scoring.ipynb`, or all in one name.
nbgrader: `submitted/anna/02_scoring/02_scoring.ipynb`. People: `anna/anything.ipynb`, `02_scoring_anna.ipynb`.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbjudge.wording import printable

__all__ = ["Owner", "identities", "owner_of", "plain_name", "unwrapped"]

# A name is letters, digits and _, and whatever is not ASCII: Python's \w knows letters, but not the signs for vowels
# that Hindi or Tamil write behind them. It is one set: two that share letters take 2ⁿ steps to fail.
CANVAS = re.compile(
    r"(?P<name>[^\x00-/:-@\[-^`{-\x7f\s]+?)_(?P<late>LATE_)?(?P<user>[1-9]\d{0,19})_(?P<file>[1-9]\d{0,19})_(?P<rest>.+)",
    re.DOTALL,
)
TYPED = re.compile(
    r"(?P<name>[^\x00-/:-@\[-^`{-\x7f\s]+?)_(?P<late>LATE_)?(?P<user>[1-9]\d{0,19})_(?P<rest>(?:text|link|url)\.html)"
)
# In what follows the numbers: two more, or one, of which Canvas's own could be the ones. It writes no number with a 0.
AGAIN = re.compile(r"(?:(?:^|.*?_)(?:LATE_)?[1-9]\d{0,19}_|^)[1-9]\d{0,19}_.+", re.DOTALL)
HIDDEN = re.compile(r"(?P<late>LATE_)?anon_(?P<user>[A-Za-z0-9]{1,20})_(?P<file>[1-9]\d{0,19})_(?P<rest>.+)", re.DOTALL)
MOODLE = re.compile(
    r"(?P<name>.+?)_(?P<user>\d{1,20})_assignsubmission_(?P<kind>file|onlinetext)(?:_(?P<rest>.*))?", re.DOTALL
)
ATTEMPT = re.compile(r"[ _]?\((\d{1,4})\)$|-(\d{1,3})$")
WRAPPERS = re.compile(r"submi|download|hand.?in|abgabe|entrega|rendu|inlämn|提出|作业", re.IGNORECASE)
RESERVED = re.compile(
    r"con|prn|aux|nul|com\d|lpt\d|gradebook.*|source|release|submitted|autograded|feedback|private|reports|handed-in",
    re.IGNORECASE,
)
SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
LETTERS = str.maketrans({"ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "æ": "ae", "đ": "d", "þ": "th", "ı": "i"})


@dataclass
class Owner:
    """The student whose a file is, as the path of a file tells.

    Attributes:
        key: What tells students apart.
        name: As shown.
        wish: What would be a good id, if it were safe.
        late: Whether the platform says that it came late.
        turn: The number that the platform gave to the file, or the attempt: the newer, the larger.
        rest: The path that the student gave the file.
        lms: What the platform knows the student by.
        online: Whether it is text that was typed into the browser.
        unnamed: Whether the path does not say whose it is.
        doubtful: Whether it could be another student's as well, whose name holds numbers.
    """

    key: str
    name: str
    wish: str
    late: bool = False
    turn: tuple[int, int] = (0, 0)
    rest: tuple[str, ...] = ()
    lms: dict[str, Any] = field(default_factory=dict)
    online: bool = False
    unnamed: bool = False
    doubtful: bool = False


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _stem(name: str) -> str:
    return re.sub(r"(?i)(\.ipynb)?(\.(txt|json))?(\.zip)?$", "", name)


def _attempt(name: str) -> int:
    found = ATTEMPT.search(_stem(name))
    return int(found[1] or found[2]) if found else 0


def plain_name(text: str) -> str:
    """Return a name of an assignment or a file, to be compared: `plain_name("02 Scoring")` is "02scoring"."""
    return re.sub(r"[\W_]+", "", _composed(text)).casefold()


def unwrapped(paths: Sequence[tuple[str, ...]], assignments: Collection[str]) -> int:
    """Return how many folders around everything say nothing about whose it is."""
    depth = 0
    known = {plain_name(name) for name in assignments}
    while paths and all(len(parts) > depth + 1 for parts in paths) and len({parts[depth] for parts in paths}) == 1:
        outer = paths[0][depth]
        inner = {parts[depth + 1] for parts in paths}
        marked = any(MOODLE.fullmatch(name) or CANVAS.fullmatch(name) or HIDDEN.fullmatch(name) for name in inner)
        folders = {parts[depth + 1] for parts in paths if len(parts) > depth + 2}
        stems = {plain_name(ATTEMPT.sub("", _stem(name))) for name in inner - folders}
        if MOODLE.fullmatch(outer) or (CANVAS.fullmatch(outer) and not marked):
            break
        if {plain_name(name) for name in folders} & known:  # outer is a student, or what nbgrader calls the step
            if outer != "submitted":
                break
        elif not (
            marked
            or WRAPPERS.search(outer)
            or plain_name(_stem(outer)) in known
            or len(folders) > 1
            or (len(stems) > 1 and not stems & known)
        ):
            break
        depth += 1
    return depth


def owner_of(parts: tuple[str, ...], system: str, assignments: Collection[str]) -> Owner:
    """Return whose a file is, given the path inside the download.

    Args:
        parts: Its folders and its name.
        system: "canvas", "hidden" (Canvas without names), "moodle" or "": whose names most files have.
        assignments: The names of all assignments of the course.
    """
    # Only what stands outermost counts: the rest is the student's own, and may bear somebody else's name.
    if system == "moodle" and (found := MOODLE.fullmatch(parts[0])):
        return _moodle(found, parts[1:])
    if system == "hidden" and (found := HIDDEN.fullmatch(parts[0])):
        return _canvas(found, parts[1:], assignments)
    if system in {"canvas", "hidden"} and (found := TYPED.fullmatch(parts[0]) or CANVAS.fullmatch(parts[0])):
        return _canvas(found, parts[1:], assignments)
    parts = tuple(part for part in parts if part)
    if len(parts) > 1:
        return _named(re.sub(r"(?i)\.zip$", "", parts[0]), parts[1:])
    return _flat(parts[0], assignments)


def _canvas(found: re.Match[str], below: tuple[str, ...], assignments: Collection[str]) -> Owner:
    groups = found.groupdict()
    user, rest, named = found["user"], found["rest"], "name" in groups
    name = printable(found["name"]) if named else "anonymous"
    lms = {"system": "canvas", "id": user, "name": name} | ({} if named else {"anonymous": True})
    own = re.compile("|".join(map(re.escape, sorted(assignments, key=len, reverse=True))) or "$^")
    return Owner(
        f"canvas {user}",
        name if named else f"anonymous {user}",
        f"{name}-{user}",
        late=bool(found["late"]),
        turn=(int(groups.get("file") or 0), _attempt(rest)),
        rest=(rest, *below),
        lms=lms,
        online="file" not in groups,
        doubtful=bool(AGAIN.fullmatch(own.sub("_", rest, count=1) if own.match(rest) else rest)),
    )


def _moodle(found: re.Match[str], below: tuple[str, ...]) -> Owner:
    user, name = found["user"], printable(found["name"])
    rest = (found["rest"],) if found["rest"] else ()
    lms = {"system": "moodle", "id": user, "name": name}
    turn = (0, _attempt((*rest, *below, "")[0]))
    online = found["kind"] == "onlinetext"
    return Owner(f"moodle {user}", name, f"{name}-{user}", False, turn, (*rest, *below), lms, online)


def _named(name: str, rest: tuple[str, ...]) -> Owner:
    return Owner(f"name {_composed(name)}", printable(name), _composed(name), rest=rest, turn=(0, _attempt(rest[-1])))


def _flat(file: str, assignments: Collection[str]) -> Owner:
    stem = _composed(_stem(file))
    attempt = re.search(r"[ _]?\((\d{1,4})\)$", stem)
    turn = (0, int(attempt[1]) if attempt else 0)
    name = stem[: attempt.start()] if attempt else stem
    for assignment in sorted(assignments, key=len, reverse=True):
        pattern = r"[\W_]+".join(re.escape(part) for part in re.split(r"[\W_]+", assignment) if part)
        name = re.sub(rf"^{pattern}(?:[\W_]+|$)|(?:[\W_]+|^){pattern}$", "", name, flags=re.IGNORECASE)
    if name.strip(" _-."):
        return Owner(f"name {name}", printable(name), name, turn=turn, rest=(file,))
    return Owner(f"name {stem}", printable(file), stem, rest=(file,), unnamed=True)


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.translate(LETTERS)).encode("ascii", "ignore").decode()
    return re.sub(r"[^A-Za-z0-9_.-]+", "-", plain).strip("-._")[:48].strip("-._")


def identities(people: Iterable[Owner], known: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return for each key an id that is the name of a file on every system, and nobody else's in any spelling.

    An id that is safe stays as it is; another gets a few letters made from the whole name, always the same ones.

    Args:
        people: Everybody in a download.
        known: The ids that students have by now, by their keys. They keep them, whoever else comes.
    """
    known = known or {}
    wishes = {person.key: person for person in people}
    chosen = {key: known.get(key) or _wished(key, person) for key, person in wishes.items()}
    away: dict[str, set[str]] = {}  # the ids of who is not in this download
    for key, identity in known.items():
        if key not in wishes:
            away.setdefault(identity.casefold(), set()).add(identity)
    for length in (8, 16, 32, 64):  # somebody may have chosen the very name that was made for another
        spellings: dict[str, list[str]] = {}
        for key, identity in chosen.items():
            spellings.setdefault(identity.casefold(), []).append(key)
        for spelling, keys in spellings.items():
            for key in keys:
                taken = len(keys) > 1 or chosen[key] not in away.get(spelling, {chosen[key]})
                if taken and key not in known:
                    chosen[key] = f"{_ascii(wishes[key].wish) or 'student'}-{_digest(key, length)}"
    return chosen


def _wished(key: str, person: Owner) -> str:
    wish = _composed(person.wish)
    if SAFE.fullmatch(wish) and not RESERVED.fullmatch(wish.split(".")[0]) and not wish.endswith("."):
        return wish
    if person.lms:  # the platform's number makes it unique
        return "-".join(part for part in (_ascii(person.lms["name"]), person.lms["id"][:24]) if part)
    return f"{_ascii(wish) or 'student'}-{_digest(key)}"


def _digest(key: str, length: int = 8) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:length]
