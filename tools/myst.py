"""Translate a chapter's MyST into cells of plain Markdown and code, which any notebook program shows.

Every directive and role that a chapter may use has its translation here. An unknown one is an error that
names file and line: nothing that a notebook cannot show is passed through.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml
from markdown_it import MarkdownIt

from references import References

FENCE = re.compile(r"^(?P<indent> *)(?P<fence>`{3,}|~{3,}|:{3,})\s*(?P<info>.*)$")
DIRECTIVE = re.compile(r"^\{(?P<name>[\w:+.-]+)\}\s*(?P<argument>.*)$")
HEADING = re.compile(r"^(?P<level>#{1,6}) +(?P<title>.*?)\s*#*$")
LABEL = re.compile(r"^\((?P<label>[^()\s]+)\)=\s*$")
OPTION = re.compile(r"^:(?P<key>[\w-]+):\s*(?P<value>.*)$")
DISPLAY = re.compile(r"^\s*\$\$(?P<body>.*?)\$\$\s*(?:\((?P<label>[^()\s]+)\))?\s*$", re.DOTALL)
MATH = re.compile(r"\$\$.+?\$\$|(?<![\\$])\$(?!\s)[^$]+?(?<![\\\s])\$", re.DOTALL)
INLINE = re.compile(
    r"\{(?P<role>[a-zA-Z][\w:+.-]*)\}(?P<tick>`+)(?P<body>.+?)(?P=tick)(?!`)"
    r"|(?P<code>(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`))"
    r"|(?P<math>" + MATH.pattern + r")"
    r"|\]\((?P<target>[^()\s]+)\)",
    re.DOTALL,
)
TITLED = re.compile(r"^(?P<title>.+?)\s*<(?P<target>[^<>]+)>$", re.DOTALL)
CITED = re.compile(r"^(?:\{(?P<before>[^{}]*)\})?(?P<key>[^{}\s]+?)(?:\{(?P<after>[^{}]*)\})?$")
CHINESE = re.compile(r"[\u3400-\u9fff]")
NUMBERED = re.compile(r"\d\d_\w+\.md$")
FOREIGN = {"[^": "a footnote", "{{": "a substitution", "]{": "an attribute"}
BOXES = ("note", "tip", "hint", "important", "warning", "caution", "attention", "danger", "error", "seealso")
CODE_BLOCKS = ("code", "code-block", "sourcecode")
CODE_ROLES = ("code", "func", "class", "meth", "mod", "attr", "obj", "exc", "data", "file", "command")
ANCHORED = re.compile(r'^(<a id="[^"]*"></a>\n\n)?#{1,6} ')
DEEPEST = 2  # 2.1 is numbered, what stands below it is not
NAMES = {"seealso": "See also"}
HIDDEN = {"hide-input", "remove-input", "hide-cell", "remove-cell"}
SOURCE_FOLDED = {"jupyter": {"source_hidden": True}, "cellView": "form"}
FOLDED = {"jupyter": {"source_hidden": True, "outputs_hidden": True}, "cellView": "form"}


class MystError(Exception):
    """Something in a chapter that has no translation, with its file and line."""


@dataclass(frozen=True)
class Cell:
    """One cell of a notebook."""

    kind: str
    source: str
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    """What a label names: its kind and number as a reader sees them, and where it stands."""

    kind: str
    number: str
    title: str
    chapter: str


@dataclass(frozen=True)
class Block:
    """The inside of a directive."""

    name: str
    argument: str
    options: dict[str, Any]
    lines: list[str]
    at: int
    first: int

    @property
    def text(self) -> str:
        """The content as it was written."""
        return "\n".join(self.lines)

    @property
    def classes(self) -> list[str]:
        """The words of the class option."""
        return str(self.options.get("class", "")).split()


def is_notebook(path: Path) -> bool:
    """Tell whether a page is a notebook, too: every chapter is, and each page that says so in its head."""
    head = path.read_text(encoding="utf-8").split("\n---\n")[0]
    return bool(NUMBERED.match(path.name)) or "\nnotebook: true" in head


class Book:
    """What chapters share: labels, references, and the addresses of pages."""

    def __init__(self, folder: Path, site: str) -> None:
        self.folder = folder
        self.site = site
        self.references = References(folder / "references.bib")
        self.terms = terms_of(folder / "glossary.md")
        self.labels: dict[str, Target] = {}
        self.chapters = sorted(path for path in folder.glob("*.md") if is_notebook(path))
        for path in self.chapters:  # a first reading only collects what can be referred to
            Chapter(self, path, strict=False)

    def page(self, name: str) -> str:
        """Return the address of a document: the notebook of a chapter, else a page of the site."""
        if any(path.stem == name for path in self.chapters):
            return f"{name}.ipynb"
        return f"{self.site}{self.folder.name}/{name}.html"


class Chapter:
    """One chapter: reading it makes its cells."""

    def __init__(self, book: Book, path: Path, *, strict: bool = True) -> None:
        self.book = book
        self.path = path
        self.strict = strict
        self.number = str(int(path.stem[:2])) if NUMBERED.match(path.name) else ""
        self.counts: Counter[str] = Counter()
        self.sections = [0] * 7
        self.depth = 1
        self.title = path.stem
        self.pending: tuple[str, int] | None = None  # a label on its own line, which names what follows
        self.solution = ""
        self.defined: set[str] = set()
        self.cited: set[str] = set()
        self.handlers: dict[str, Callable[[Block], str]] = {
            **dict.fromkeys(BOXES, self.box),
            **dict.fromkeys(CODE_BLOCKS, self.listing),
            "admonition": self.box,
            "bibliography": self.bibliography,
            "exercise": self.exercise,
            "figure": self.figure,
            "image": self.figure,
            "list-table": self.table,
            "math": self.math,
            "solution": self.solved,
            "solution-end": self.close_solution,
            "solution-start": self.open_solution,
            "table": self.classed,
        }
        lines = path.read_text(encoding="utf-8").splitlines()
        start = lines.index("---", 1) + 1 if lines and lines[0] == "---" else 0
        self.cells = list(self.gather(self.blocks(lines[start:], start + 1)))
        if self.solution:
            raise self.error(len(lines), "a solution-start has no solution-end")

    def error(self, at: int, message: str) -> MystError:
        """Return an error that says where."""
        return MystError(f"{self.path.parent.name}/{self.path.name}:{at}: {message}")

    # Blocks -------------------------------------------------------------------------------------------------

    def gather(self, pieces: Iterator[str | Cell]) -> Iterator[Cell]:
        """Join the Markdown between code cells into cells, a new one at each heading, solutions folded."""
        texts: list[str] = []
        solution = ""
        for piece in pieces:
            if isinstance(piece, Cell) or ANCHORED.match(piece) or self.solution != solution:
                yield from self.joined(texts, solution)
                texts = []
            if self.solution and self.solution != solution:
                yield Cell("markdown", f"{'#' * min(self.depth + 1, 6)} {self.solution}")
            solution = self.solution
            if isinstance(piece, Cell):
                yield piece
            elif piece:
                texts.append(piece)
        yield from self.joined(texts, solution)

    @staticmethod
    def joined(texts: list[str], solution: str) -> Iterator[Cell]:
        """Yield the one cell of some Markdown, if there is any."""
        if texts:
            text = "\n\n".join(texts)
            yield Cell("markdown", details("The solution in words", text) if solution else text)

    def nested(self, block: Block) -> str:
        """Return the translated inside of a directive, which holds no code cell."""
        pieces = list(self.blocks(block.lines, block.first))
        if any(isinstance(piece, Cell) for piece in pieces):
            raise self.error(block.first, f"a code cell cannot stand inside {{{block.name}}}")
        return "\n\n".join(str(piece) for piece in pieces if piece)

    def blocks(self, lines: list[str], first: int) -> Iterator[str | Cell]:
        """Yield the translated blocks of some lines, of which the first stands at the given line."""
        at = 0
        while at < len(lines):
            line, where = lines[at], first + at
            if not line.strip() or line.startswith("%") or line.strip() == "+++":
                at += 1
                continue
            if label := LABEL.match(line):
                self.pending = (label["label"], where)
                at += 1
                continue
            if fence := FENCE.match(line):
                end = self.closing(lines, at, fence["fence"], where)
                inside = [inner.removeprefix(fence["indent"]) for inner in lines[at + 1 : end]]
                yield from self.fenced(fence, inside, where)
            elif line.lstrip().startswith("$$"):
                end = at
                while not (display := DISPLAY.match("\n".join(lines[at : end + 1]))):
                    end += 1
                    if end == len(lines):
                        raise self.error(where, "a formula that begins with $$ has no end")
                indent = line[: len(line) - len(line.lstrip())]
                body = "\n".join(inner.strip() for inner in display["body"].strip().split("\n"))
                yield indented(self.formula(body, display["label"] or "", where), indent)
            elif heading := HEADING.match(line):
                end = at
                yield self.heading(heading, where)
            else:
                end = at
                while end + 1 < len(lines) and not self.breaks(lines[end + 1]):
                    end += 1
                yield self.inline("\n".join(lines[at : end + 1]), where)
            if self.pending:
                raise self.error(self.pending[1], f"the label {self.pending[0]} stands before nothing numbered")
            at = end + 1

    @staticmethod
    def breaks(line: str) -> bool:
        """Return whether a line ends the paragraph before it."""
        starts = (FENCE.match(line), HEADING.match(line), LABEL.match(line), line.startswith("%"))
        return not line.strip() or line.lstrip().startswith("$$") or any(starts)

    def closing(self, lines: list[str], start: int, fence: str, where: int) -> int:
        """Return the index of the line that closes a fence."""
        for at in range(start + 1, len(lines)):
            mark = lines[at].strip()
            if len(mark) >= len(fence) and not mark.strip(fence[0]):
                return at
        raise self.error(where, f"the block that begins with {fence} has no end")

    def fenced(self, fence: re.Match[str], inside: list[str], where: int) -> Iterator[str | Cell]:
        """Translate a directive; a plain block of code stays as it is."""
        indent = fence["indent"]
        if not (match := DIRECTIVE.match(fence["info"])):
            if fence["fence"][0] == ":":
                raise self.error(where, "a block of colons must name its directive")
            code = "\n".join([f"{fence['fence']}{fence['info']}", *inside, fence["fence"]])
            yield indented(code, indent)
            return
        block = self.parse(match, inside, where)
        if block.name == "code-cell":
            if indent:
                raise self.error(where, "a code cell cannot be indented")
            yield from self.code(block)
        elif block.name in self.handlers:
            yield indented(self.handlers[block.name](block), indent)
        else:
            raise self.error(where, f"the directive {{{block.name}}} has no translation for notebooks")

    def parse(self, match: re.Match[str], inside: list[str], where: int) -> Block:
        """Split a directive's options from its content."""
        options: dict[str, Any] = {}
        skip = 0
        if inside and inside[0].strip() == "---":
            skip = next((at for at, line in enumerate(inside) if at and line.strip() == "---"), 0) + 1
            options = yaml.safe_load("\n".join(inside[1 : skip - 1])) or {}
        else:
            while skip < len(inside) and (option := OPTION.match(inside[skip])):
                options[option["key"]] = option["value"]
                skip += 1
        name, argument, lines = match["name"], match["argument"].strip(), inside[skip:]
        return Block(name, argument, options, lines, where, where + 1 + skip)

    # Headings, formulas, code -------------------------------------------------------------------------------

    def define(self, label: str, kind: str, number: str, title: str, where: int) -> None:
        """Note what a label names."""
        target = Target(kind, number, title, self.path.stem)
        if self.book.labels.setdefault(label, target) != target or label in self.defined:
            raise self.error(where, f"the label {label} is defined twice")
        self.defined.add(label)

    def count(self, kind: str) -> str:
        """Return the next number of a kind within the chapter."""
        self.counts[kind] += 1
        return ".".join(filter(None, (self.number, str(self.counts[kind]))))

    def numbered(self, kind: str, label: str, where: int, title: str = "") -> str:
        """Count something that has a caption, under its own label or the one before it."""
        number = self.count(kind)
        if self.pending and not label:
            label = self.pending[0]
        self.pending = None
        if label:
            self.define(label, kind, number, title, where)
        return number

    def heading(self, match: re.Match[str], where: int) -> str:
        """Number a heading as the page does."""
        self.depth = len(match["level"])
        self.sections[self.depth] += 1
        self.sections[self.depth + 1 :] = [0] * (6 - self.depth)
        number = ".".join(str(part) for part in (self.number, *self.sections[2 : self.depth + 1]))
        number = number if self.number and self.depth <= DEEPEST else ""
        title = self.inline(match["title"], where)
        if self.depth == 1:
            self.title = title
        anchor = ""
        if self.pending:
            self.define(self.pending[0], "Chapter" if self.depth == 1 else "Section", number, title, where)
            anchor = f'<a id="{self.pending[0]}"></a>\n\n'
            self.pending = None
        return " ".join(filter(None, (f"{anchor}{match['level']}", number, title)))

    def formula(self, body: str, label: str, where: int) -> str:
        """Translate displayed mathematics; a label becomes the number that the page shows."""
        if r"\\" in body:
            body = f"\\begin{{aligned}}\n{body}\n\\end{{aligned}}"
        if label:
            body += f" \\tag{{{self.numbered('equation', label, where)}}}"
        return f"$$\n{body}\n$$"

    def math(self, block: Block) -> str:
        """Translate the directive for displayed mathematics."""
        body = "\n".join(line for line in [block.argument, *block.lines] if line.strip())
        return self.formula(body, str(block.options.get("label", "")), block.at)

    def code(self, block: Block) -> Iterator[str | Cell]:
        """Translate a code cell; its figure's caption and description follow it as Markdown."""
        if unknown := set(block.options) - {"tags", "mystnb"}:
            raise self.error(block.at, f"the code cell has unknown options: {', '.join(sorted(unknown))}")
        tags = block.options.get("tags", [])
        tags = set(yaml.safe_load(tags) if isinstance(tags, str) else tags)
        metadata: dict[str, Any] = {}
        if self.solution:
            metadata = dict(FOLDED)
        elif tags & HIDDEN:
            metadata = dict(SOURCE_FOLDED)
        if "raises-exception" in tags:
            metadata["tags"] = ["raises-exception"]
        if unknown := tags - HIDDEN - {"raises-exception", "remove-output", "hide-output"}:
            raise self.error(block.at, f"the code cell has unknown tags: {', '.join(sorted(unknown))}")
        yield Cell("code", block.text.strip("\n"), metadata)
        shown = block.options.get("mystnb", {})
        if figure := shown.get("figure"):
            alt = shown.get("image", {}).get("alt", "")
            yield self.caption(str(figure["caption"]), str(figure.get("name", "")), str(alt), block.at)

    def caption(self, caption: str, label: str, alt: str, where: int) -> str:
        """Return a figure's caption, and under it the picture in words."""
        number = self.numbered("Figure", label, where)
        text = f"**Figure {number}.** {self.inline(caption.strip(), where)}"
        return f"{text}\n\n{details('The figure in words', alt.strip())}" if alt.strip() else text

    # Directives ---------------------------------------------------------------------------------------------

    def listing(self, block: Block) -> str:
        """Translate a block of code that is only shown."""
        return f"```{block.argument}\n{block.text}\n```"

    def box(self, block: Block) -> str:
        """Translate an admonition: a quotation under its title, or a fold."""
        title = block.argument if block.name == "admonition" else NAMES.get(block.name, block.name.capitalize())
        title = self.inline(title, block.at)
        if block.name != "admonition" and block.argument:
            block = replace(block, lines=[block.argument, *block.lines], first=block.first - 1)
        inside = self.nested(block)
        return details(title, inside) if "dropdown" in block.classes else quoted(f"**{title}**\n\n{inside}")

    def exercise(self, block: Block) -> str:
        """Translate an exercise: a heading with its number and title, then the task."""
        number = self.numbered("Exercise", str(block.options.get("label", "")), block.at, block.argument)
        title = f" ({self.inline(block.argument, block.at)})" if block.argument else ""
        return f"{'#' * min(self.depth + 1, 6)} Exercise {number}{title}\n\n{self.nested(block)}"

    def solved(self, block: Block) -> str:
        """Translate a solution without code cells: a fold."""
        exercise = self.resolve(block.argument, block.at)
        return details(f"Solution to Exercise {exercise.number}", self.nested(block))

    def open_solution(self, block: Block) -> str:
        """Begin a solution with code cells: from here, cells are folded."""
        if self.solution:
            raise self.error(block.at, "a solution begins inside another one")
        self.solution = f"Solution {self.resolve(block.argument, block.at).number}"
        return ""

    def close_solution(self, block: Block) -> str:
        """End a solution with code cells."""
        if not self.solution:
            raise self.error(block.at, "a solution ends that never began")
        self.solution = ""
        return ""

    def figure(self, block: Block) -> str:
        """Translate a picture from a file, with its caption if it has one."""
        alt = str(block.options.get("alt", ""))
        picture = f"![{alt}]({self.link(block.argument, block.at)})"
        if block.name == "image":
            return picture
        caption = " ".join(line.strip() for line in block.lines if line.strip())
        return f"{picture}\n\n{self.caption(caption, str(block.options.get('name', '')), alt, block.at)}"

    def bibliography(self, block: Block) -> str:
        """Translate the list of the works that this chapter cites."""
        return self.book.references.listed(self.cited) if self.cited else ""

    def classed(self, block: Block) -> str:
        """Translate a table that is given a class for the page: it is a table."""
        if block.argument:
            raise self.error(block.at, "a table with a caption has no translation for notebooks: make it a list-table")
        return self.nested(block)

    def table(self, block: Block) -> str:
        """Translate a table that is written as a list of lists."""
        rows: list[list[list[str]]] = []
        depth = 0
        for token in MarkdownIt("commonmark").parse(block.text):
            depth += {"bullet_list_open": 1, "bullet_list_close": -1}.get(token.type, 0)
            if token.type == "list_item_open" and depth == 1:
                rows.append([])
            elif token.type == "list_item_open" and depth == 2:
                rows[-1].append([])
            elif token.type == "inline" and depth == 2:
                rows[-1][-1].append(token.content)
            elif token.type in ("inline", "fence", "code_block"):
                raise self.error(block.first + (token.map or [0])[0], "a table cell can hold only text")
        if len({len(row) for row in rows}) != 1:
            raise self.error(block.at, "the rows of the table have different lengths")
        texts = [[in_table(self.inline("<br>".join(cell), block.at)) for cell in row] for row in rows]
        if int(block.options.get("header-rows", 0)) == 0:
            texts.insert(0, [""] * len(texts[0]))
        texts.insert(1, ["---"] * len(texts[0]))
        lines = "\n".join("| " + " | ".join(row) + " |" for row in texts)
        if not block.argument:
            return lines
        number = self.numbered("Table", str(block.options.get("name", "")), block.at, block.argument)
        return f"**Table {number}.** {self.inline(block.argument, block.at)}\n\n{lines}"

    # Inside a paragraph -------------------------------------------------------------------------------------

    def inline(self, text: str, where: int) -> str:
        """Translate the roles and links of a text; code and mathematics stay as they are."""
        parts: list[str] = []
        end = 0
        for match in INLINE.finditer(text):
            at = where + text.count("\n", 0, match.start())
            parts += [self.plain(text[end : match.start()], at)]
            if match["role"]:
                parts += [self.role(match["role"], " ".join(match["body"].split()), at)]
            elif match["target"]:
                if text[: match.start()].endswith("["):
                    raise self.error(at, "a link without text has no translation for notebooks")
                parts += [f"]({self.link(match['target'], at)})"]
            else:
                parts += [match[0]]
            end = match.end()
        return "".join([*parts, self.plain(text[end:], where + text.count("\n", 0, end))])

    def plain(self, text: str, where: int) -> str:
        """Return a text without markup of its own, having looked for what notebooks do not know."""
        for mark, name in FOREIGN.items():
            if mark in text:
                raise self.error(where, f"{name} ({mark}) has no translation for notebooks")
        return text

    def role(self, name: str, body: str, where: int) -> str:
        """Translate one role."""
        name = name.removeprefix("py:")
        titled = TITLED.match(body)
        title, target = (titled["title"], titled["target"]) if titled else ("", body)
        if name in ("eq", "numref", "ref"):
            return self.reference(name, title, target, where)
        if name in ("cite", "cite:p", "cite:t"):
            return self.citation(name, body, where)
        if name == "doc":
            return self.document(title, target, where)
        if name == "math":
            return f"${body}$"
        if name == "term":
            return self.term(title, target, where)
        if name == "download":
            return f"[{title or target}]({self.link(target, where)})"
        if name in CODE_ROLES:
            return f"`{title or target.removeprefix('~').rsplit('.', 1 if '~' in target else 0)[-1]}`"
        if name in ("sub", "sup", "kbd"):
            return f"<{name}>{body}</{name}>"
        raise self.error(where, f"the role {{{name}}} has no translation for notebooks")

    def resolve(self, label: str, where: int) -> Target:
        """Return what a label names."""
        if target := self.book.labels.get(label):
            return target
        if self.strict:
            raise self.error(where, f"nothing has the label {label}")
        return Target("", "", "", self.path.stem)

    def reference(self, role: str, title: str, label: str, where: int) -> str:
        """Translate a reference to something with a number, linked where a notebook can follow."""
        target = self.resolve(label, where)
        text = f"{target.kind} {target.number}"
        if target.kind == "equation":
            text = f"({target.number})"
        elif role == "ref":
            text = title or (target.title if target.kind in ("Section", "Chapter") else text)
        elif title:
            text = title.replace("%s", target.number).replace("{number}", target.number)
            text = text.replace("{name}", target.title)
        if target.chapter != self.path.stem:
            return f"[{text}]({target.chapter}.ipynb)"
        return f"[{text}](#{label})" if target.kind in ("Section", "Chapter") else text

    def citation(self, role: str, body: str, where: int) -> str:
        """Translate a citation, linked to the work."""
        works = []
        for part in body.split(","):
            match = CITED.match(part.strip())
            if not match or match["key"] not in self.book.references:
                raise self.error(where, f"references.bib has no entry {part.strip()}")
            self.cited.add(match["key"])
            works.append((match["key"], match["before"] or "", match["after"] or ""))
        references = self.book.references
        if role == "cite:t":
            return ", ".join(references.textual(key, after) for key, _, after in works)
        return "(" + "; ".join(references.parenthetical(*work) for work in works) + ")"

    def term(self, title: str, term: str, where: int) -> str:
        """Translate a link to the glossary, which only the site has."""
        anchor = self.book.terms.get(term.lower())
        if anchor is None:
            raise self.error(where, f"glossary.md has no term {term}")
        return f"[{title or term}]({self.book.page('glossary')}#{anchor})"

    def document(self, title: str, name: str, where: int) -> str:
        """Translate a link to another page of the book."""
        path = self.book.folder / f"{name.rsplit('/', 1)[-1]}.md"
        if not path.is_file():
            raise self.error(where, f"there is no document {name}")
        return f"[{title or heading_of(path)}]({self.book.page(path.stem)})"

    def link(self, target: str, where: int) -> str:
        """Return a link's target as seen from the folder of notebooks."""
        if re.match(r"[a-z]+:", target):
            return target
        name, _, anchor = target.partition("#")
        if not name:
            known = self.resolve(anchor, where)
            return f"#{anchor}" if known.chapter == self.path.stem else f"{known.chapter}.ipynb"
        path = (self.book.folder / name).resolve()
        if not path.exists():
            raise self.error(where, f"the link {target} leads to no file")
        if path.parent == self.book.folder and path.suffix == ".md":
            page = self.book.page(path.stem)
            return f"{page}#{anchor}" if anchor and not page.endswith(".ipynb") else page
        return f"../{path.relative_to(self.book.folder.parent).as_posix()}"


def heading_of(path: Path) -> str:
    """Return the title of a page."""
    headings = (HEADING.match(line) for line in path.read_text(encoding="utf-8").splitlines())
    return next((match["title"] for match in headings if match), path.stem)


def terms_of(path: Path) -> dict[str, str]:
    """Return the terms of a glossary, in small letters, each with its anchor on the page."""
    terms: dict[str, str] = {}
    inside = False
    for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else []:
        if line.startswith("```"):
            inside = line.startswith("```{glossary}")
        elif inside and line[:1].strip():  # what is indented is a definition
            ascii_only = unicodedata.normalize("NFKD", line).encode("ascii", "ignore").decode()
            name = line if CHINESE.search(line) else ascii_only
            terms[line.lower()] = "term-" + re.sub(r"[^\w.]+", "-", name).strip("-")
    return terms


def indented(text: str, indent: str) -> str:
    """Return a text moved to the right, as in a list."""
    return "\n".join(f"{indent}{line}" if line else line for line in text.split("\n")) if indent else text


def details(summary: str, text: str) -> str:
    """Return a text that opens when its summary is clicked; blank lines keep it Markdown."""
    summary = re.sub(r"`([^`]+)`", r"<code>\1</code>", summary)
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"


def quoted(text: str) -> str:
    """Return a text as a quotation, its formulas on one line, as the marks would get into them."""
    text = MATH.sub(lambda match: " ".join(match[0].split()), text)
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n"))


def in_table(text: str) -> str:
    """Return a text that holds no bar, which would end its cell."""

    def barless(match: re.Match[str]) -> str:
        return match[0].replace(r"\|", r"\Vert ").replace("|", r"\vert ")

    return MATH.sub(barless, " ".join(text.split())).replace("|", r"\|")
