"""Every link leads somewhere: pages, anchors, files, launch buttons, notebooks, citations."""

import json
import posixpath
import re
import subprocess
from functools import cache
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from bs4 import BeautifulSoup, Tag
from pybtex.database import parse_file

import notebooks

ROOT = Path(__file__).resolve().parents[1]
REPOSITORY = notebooks.settings(ROOT)["repository"]["url"]
BRANCH = notebooks.settings(ROOT)["repository"]["branch"]
PROJECT = urlsplit(REPOSITORY).path.strip("/")
CHAPTERS = [ROOT / "book" / f"{path.stem}.md" for path in sorted((ROOT / "notebooks").glob("*.ipynb"))]
LINK = re.compile(r"\]\(([^()\s]+)\)")
CITATION = re.compile(r"\{cite(?::[pt])?\}`([^`]+)`")


@cache
def tracked() -> set[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return set(listed.stdout.splitlines())


@cache
def parsed(page: Path) -> BeautifulSoup:
    return BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")


@cache
def anchors(page: Path) -> set[str]:
    return {element["id"] for element in parsed(page).find_all(id=True)}


def pages(site: Path) -> list[Path]:
    return sorted(site.rglob("*.html"))


def targets(page: Path) -> list[str]:
    found = parsed(page).find_all(["a", "link", "script", "img", "source", "use"])
    return [element[name] for element in found for name in ("href", "src") if element.get(name)]


def test_links_of_the_site_lead_somewhere(site: Path) -> None:
    broken = []
    for page in pages(site):
        for target in targets(page):
            parts = urlsplit(target)
            if parts.scheme or parts.netloc:
                continue
            path = (page.parent / unquote(parts.path)).resolve() if parts.path else page
            path = path / "index.html" if path.is_dir() else path
            there = path.is_file() and path.is_relative_to(site)
            if there and parts.fragment and path.suffix == ".html":
                there = unquote(parts.fragment) in anchors(path)
            if not there:
                broken.append(f"{page.relative_to(site)}: {target}")
    assert not broken, broken


def test_pages_have_no_anchor_twice(site: Path) -> None:
    for page in pages(site):
        identities = [element["id"] for element in parsed(page).find_all(id=True)]
        twice = {identity for identity in identities if identities.count(identity) > 1}
        assert not twice, f"{page.relative_to(site)}: {twice}"


def test_pages_load_nothing_from_another_host(site: Path) -> None:
    for page in pages(site):
        loaded = parsed(page).select("script[src], img[src], source[src], iframe[src], link[href]:not([rel=canonical])")
        outside = [element.get("src") or element["href"] for element in loaded]
        outside = [target for target in outside if urlsplit(target).netloc]
        assert not outside, f"{page.relative_to(site)}: {outside}"


def repository_files(page: Path) -> list[str]:
    """The files of the repository that a page's buttons and links name."""
    found = []
    for target in targets(page):
        parts = urlsplit(target)
        if parts.netloc == "mybinder.org":
            opened = parse_qs(parts.query)["urlpath"][0]
            assert parts.path == f"/v2/gh/{PROJECT}/{BRANCH}"
            found.append(opened.removeprefix("lab/tree/"))
        elif parts.netloc == "colab.research.google.com":
            assert parts.path.startswith(f"/github/{PROJECT}/blob/{BRANCH}/")
            found.append(parts.path.removeprefix(f"/github/{PROJECT}/blob/{BRANCH}/"))
        elif parts.path.startswith(f"/{PROJECT}/") and target.startswith(REPOSITORY):
            kind, branch, name = parts.path.removeprefix(f"/{PROJECT}/").split("/", 2)
            assert kind in ("blob", "edit", "tree", "raw")
            assert branch == BRANCH
            found.append(name)
    return found


def test_launch_and_source_links_name_tracked_files(site: Path) -> None:
    for page in pages(site):
        for name in repository_files(page):
            assert name in tracked(), f"{page.relative_to(site)} links to {name}, which git does not track"


def test_each_chapter_can_be_launched_and_downloaded(site: Path) -> None:
    assert CHAPTERS
    for chapter in CHAPTERS:
        page = site / "book" / f"{chapter.stem}.html"
        notebook = f"notebooks/{chapter.stem}.ipynb"
        hosts = {urlsplit(target).netloc for target in targets(page) if notebook in unquote(target)}
        assert {"mybinder.org", "colab.research.google.com", ""} <= hosts
        assert (site / notebook).read_bytes() == (ROOT / notebook).read_bytes()


def words(element: Tag) -> str:
    return " ".join(element.get_text().split()).removesuffix("#")  # without the link that a heading carries


def test_each_button_leads_where_it_says(site: Path) -> None:
    for chapter in CHAPTERS:
        page = site / "book" / f"{chapter.stem}.html"
        links = {words(link): link["href"] for link in parsed(page).select(".page-links a, .foot a")}
        assert urlsplit(links["Binder"]).netloc == "mybinder.org"
        assert urlsplit(links["Colab"]).netloc == "colab.research.google.com"
        assert links["Notebook"] == f"../notebooks/{chapter.stem}.ipynb"
        assert links["Edit"] == f"{REPOSITORY}/edit/{BRANCH}/book/{chapter.name}"
        assert links["Source of this page"] == f"{REPOSITORY}/blob/{BRANCH}/book/{chapter.name}"


def test_neighbours_and_titles_are_those_of_the_pages(site: Path) -> None:
    book = notebooks.settings(ROOT)["title"]
    for page in sorted((site / "book").glob("*.html")):
        soup = parsed(page)
        assert words(soup.title).startswith(words(soup.h1))
        assert words(soup.title).endswith(book)
        (current,) = soup.select("#contents [aria-current]")
        assert current["aria-current"] == "page"
        assert (page.parent / urlsplit(current["href"]).path).resolve() == page or current["href"] == "#"
        assert soup.select(".neighbours a")
        for link in soup.select(".neighbours a"):
            (other,) = soup.select(f"head link[rel={link['rel'][0]}]")
            assert other["href"] == link["href"]
            kind = link.span.get_text()
            assert kind == {"prev": "Previous", "next": "Next"}[link["rel"][0]]
            assert words(link) == f"{kind} {words(parsed(page.parent / link['href']).h1)}"


def test_links_of_the_notebooks_lead_to_tracked_files() -> None:
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        prose = "".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")
        for target in LINK.findall(prose):
            parts = urlsplit(target)
            if parts.scheme or target.startswith("#"):
                continue
            name = (path.parent / unquote(parts.path)).resolve().relative_to(ROOT).as_posix()
            assert name in tracked(), f"{path.name} links to {target}, which git does not track"


def test_links_of_notebooks_to_the_site_lead_somewhere(site: Path) -> None:
    address, seen = notebooks.site(REPOSITORY), 0
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for target in LINK.findall(path.read_text(encoding="utf-8")):
            if target.startswith(address):
                page, _, anchor = target.removeprefix(address).partition("#")
                assert (site / page).is_file(), f"{path.name} links to {target}"
                assert not anchor or anchor in anchors(site / page), f"{path.name} links to {target}"
                seen += bool(anchor)
    assert seen


def test_anchors_in_the_notebooks_exist() -> None:
    for path in sorted((ROOT / "notebooks").glob("*.ipynb")):
        text = path.read_text(encoding="utf-8")
        present = set(re.findall(r'<a id=\\"([^"\\]+)\\">', text))
        wanted = {target[1:] for target in LINK.findall(text) if target.startswith("#")}
        assert wanted <= present, f"{path.name} links to {wanted - present}, which it does not hold"


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "notebooks/assignments/README.md"])
def test_links_of_the_guides_lead_to_tracked_files(name: str) -> None:
    for target in LINK.findall((ROOT / name).read_text(encoding="utf-8")):
        parts = urlsplit(target)
        if not parts.scheme and parts.path:
            path = posixpath.normpath(posixpath.join(posixpath.dirname(name), parts.path))
            known = path in tracked() or any(file.startswith(f"{path}/") for file in tracked())
            assert known, f"{name} links to {target}, which git does not track"


def cited() -> set[str]:
    keys = set()
    for page in (ROOT / "book").glob("*.md"):
        for body in CITATION.findall(page.read_text(encoding="utf-8")):
            keys |= {re.sub(r"\{[^{}]*\}", "", part).strip() for part in body.split(",")}
    return keys


def test_bibliography_keys_are_used_and_defined() -> None:
    entries = parse_file(str(ROOT / "book" / "references.bib"), bib_format="bibtex").entries
    assert not cited() - set(entries), "cited but not in references.bib"
    assert not set(entries) - cited(), "in references.bib but never cited"


def test_every_reference_can_be_found() -> None:
    entries = parse_file(str(ROOT / "book" / "references.bib"), bib_format="bibtex").entries
    for key, entry in entries.items():
        assert {"doi", "url", "eprint"} & set(entry.fields), f"{key} has neither doi nor url nor eprint"
        assert entry.fields["year"].isdigit(), f"{key} has no year"


def test_the_address_of_the_repository_stands_in_one_line() -> None:
    """Moving the project is changing that line, then `make notebooks`: generated files follow it."""
    owner, name = PROJECT.split("/")
    address = re.compile(rf"github\.com/{owner}/|{owner}/{name}|{owner}\.github\.io", re.IGNORECASE)
    lines = []
    for file in sorted(tracked() - {path for path in tracked() if path.endswith(".ipynb")}):
        try:
            text = (ROOT / file).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        lines += [f"{file}:{at}" for at, line in enumerate(text.splitlines(), 1) if address.search(line)]
    config = (ROOT / "_config.yml").read_text(encoding="utf-8").splitlines()
    (at,) = [at for at, line in enumerate(config, 1) if line.strip() == f"url: {REPOSITORY}"]
    assert lines == [f"_config.yml:{at}"], f"the address belongs into _config.yml:{at} only; it is in {lines}"
    above = "\n".join(config[max(0, at - 4) : at - 1])
    assert "ONE LINE TO CHANGE" in above, f"_config.yml:{at} holds the placeholder: mark it as the line to change"
