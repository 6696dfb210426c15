"""The notebooks are what their chapters make, hold nothing a notebook cannot show, and run by themselves."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from bs4 import BeautifulSoup
from IPython.core.inputtransformer2 import TransformerManager
from jupyter_cache import get_cache
from myst_nb.core.read import read_myst_markdown_notebook

import build
import notebooks

ROOT = Path(__file__).resolve().parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CODE_OR_MATH = re.compile(r"```.*?```|`[^`\n]+`|\$\$.*?\$\$|\$[^$\n]+\$", re.DOTALL)
LEFT_OVER = {
    "a role": re.compile(r"\{[\w:+.-]+\}`"),
    "a directive": re.compile(r"^\s*(`{3,}|:{3,})\{", re.MULTILINE),
    "a block of colons": re.compile(r"^\s*:{3,}", re.MULTILINE),
    "a label": re.compile(r"^\([\w-]+\)=$", re.MULTILINE),
    "a comment": re.compile(r"^%", re.MULTILINE),
    "the label of a formula": re.compile(r"\$\$ *\([\w-]+\)"),
    "an option": re.compile(r"^:[\w-]+:", re.MULTILINE),
}


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem)
def path(request: pytest.FixtureRequest) -> Path:
    return request.param


def cells(path: Path, kind: str) -> list[dict[str, Any]]:
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    return [cell for cell in found if cell["cell_type"] == kind]


def sources(path: Path, kind: str) -> list[str]:
    return ["".join(cell["source"]) for cell in cells(path, kind)]


def test_every_chapter_has_a_fresh_notebook() -> None:
    stale = notebooks.stale(notebooks.generate(ROOT), ROOT / "notebooks")
    assert not stale, f"run `make notebooks`: {[path.name for path in stale]} are not what their chapters make"
    assert NOTEBOOKS


def test_the_same_bytes_from_any_process_and_any_folder(tmp_path: Path) -> None:
    code = "import notebooks as n; print(''.join(n.generate(n.ROOT).values()))"
    texts = set()
    for seed, folder in (("1", tmp_path), ("2", ROOT)):
        environment = os.environ | {
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": str(ROOT / "tools"),
            "PYTHONUTF8": "1",
        }
        run = subprocess.run([sys.executable, "-c", code], cwd=folder, env=environment, capture_output=True, check=True)
        texts.add(run.stdout)
    assert len(texts) == 1


def test_check_names_what_is_stale_or_has_no_chapter(tmp_path: Path) -> None:
    folder = tmp_path / "notebooks"
    folder.mkdir()
    texts = {folder / name: name for name in ("01_fresh.ipynb", "02_changed.ipynb", "03_missing.ipynb")}
    (folder / "01_fresh.ipynb").write_text("01_fresh.ipynb")
    (folder / "02_changed.ipynb").write_text("something else")
    (folder / "04_gone.ipynb").write_text("its chapter was removed")
    stale = [path.name for path in notebooks.stale(texts, folder)]
    assert stale == ["02_changed.ipynb", "03_missing.ipynb", "04_gone.ipynb"]


def test_the_format_is_valid_and_nothing_is_executed(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert all(not cell["outputs"] and cell["execution_count"] is None for cell in cells(path, "code"))
    identities = [cell["id"] for cell in notebook.cells]
    assert len(set(identities)) == len(identities)
    assert text.endswith("}\n")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1, sort_keys=True) + "\n"


@pytest.mark.parametrize("mark", LEFT_OVER)
def test_no_myst_is_left(path: Path, mark: str) -> None:
    for source in sources(path, "markdown"):
        # A role hides in what looks like code, so this one is looked for in the text as it is.
        text = source if mark in ("a role", "a directive", "the label of a formula") else CODE_OR_MATH.sub("", source)
        assert not LEFT_OVER[mark].search(text), f"{mark} in: {source[:200]}"


def test_folds_open_and_close_in_the_same_cell(path: Path) -> None:
    for source in sources(path, "markdown"):
        assert source.count("<details>") == source.count("</details>") == source.count("<summary>")


def test_code_is_the_chapters_own(path: Path) -> None:
    chapter = ROOT / "book" / f"{path.stem}.md"
    read = read_myst_markdown_notebook(chapter.read_text(encoding="utf-8"))
    expected = [cell.source.strip("\n") for cell in read.cells if cell.cell_type == "code"]
    assert sources(path, "code")[1:] == expected


def test_every_plain_paragraph_of_the_chapter_is_there(path: Path) -> None:
    text = (ROOT / "book" / f"{path.stem}.md").read_text(encoding="utf-8")
    text = re.sub(r"\A---\n.*?^---$", "", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"^(`{3,}).*?^\1`*$", "", text, flags=re.DOTALL | re.MULTILINE)
    paragraphs = [" ".join(part.split()) for part in text.split("\n\n")]
    plain = [part for part in paragraphs if re.match(r"\w", part) and not re.search(r"[{}[\]%]|:::|\$\$", part)]
    assert len(plain) > 8
    ours = " ".join("\n".join(sources(path, "markdown")).split())
    assert [part for part in plain if part not in ours] == []


def test_code_and_outputs_of_solutions_are_folded(path: Path) -> None:
    inside = False
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "markdown" and source.startswith("#"):
            inside = bool(re.match(r"#+ Solution (\d+\.)?\d+$", source))
        elif inside and cell["cell_type"] == "code":
            assert cell["metadata"]["jupyter"] == {"source_hidden": True, "outputs_hidden": True}
        elif inside:
            assert source.startswith("<details>")
            assert source.endswith("</details>")


def first_cell(path: Path, **found: object) -> tuple[str, dict[str, Any]]:
    """The guarded first cell as plain Python, and names that stand for IPython's."""
    magics: list[tuple[str, str]] = []

    class Shell:
        def run_line_magic(self, name: str, line: str) -> None:
            magics.append((name, line))

    code = TransformerManager().transform_cell(sources(path, "code")[0])
    return code, {"get_ipython": Shell, "magics": magics, **found}


def test_the_first_cell_does_nothing_where_the_package_is(path: Path) -> None:
    code, names = first_cell(path)
    exec(code, names)
    assert names["magics"] == []


def test_the_first_cell_says_what_is_missing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    code, names = first_cell(path)
    with pytest.raises(ModuleNotFoundError, match=r"needs the package attnbook: see README\.md"):
        exec(code, names)


def test_the_first_cell_installs_the_package_on_colab(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setitem(sys.modules, "google.colab", sys)
    code, names = first_cell(path)
    exec(code, names)
    ((magic, line),) = names["magics"]
    repository = notebooks.settings(ROOT)["repository"]["url"]
    assert magic == "pip"
    assert line.endswith(f'"attnbook @ git+{repository}"')


def page_text(element: Any) -> str:
    return " ".join(element.get_text().replace("¶", "").split())


def test_numbers_are_those_of_the_page(path: Path, site: Path) -> None:
    page = BeautifulSoup((site / "book" / f"{path.stem}.html").read_text(encoding="utf-8"), "html.parser")
    ours = "\n".join(sources(path, "markdown"))

    numbered = re.findall(r"^#{1,2} (\d[\d.]*) ", ours, re.MULTILINE)
    heads = [page_text(number) for number in page.select("h1 .section-number, h2 .section-number")]
    assert numbered == heads

    for kind in ("Figure", "Table"):
        captions = [page_text(caption) for caption in page.select(".caption-number")]
        on_page = [caption.removeprefix(kind).strip(" .") for caption in captions if caption.startswith(kind)]
        assert re.findall(rf"^\*\*{kind} ([\d.]+)\.\*\*", ours, re.MULTILINE) == on_page

    on_page = [page_text(number).strip("()#") for number in page.select(".eqno")]
    assert re.findall(r"\\tag\{([\d.]+)\}", ours) == on_page

    titles = [page_text(title) for title in page.select(".admonition.exercise > .admonition-title")]
    on_page = [re.match(r"Exercise ([\d.]+)", title)[1] for title in titles]
    assert re.findall(r"^#+ Exercise ([\d.]+)", ours, re.MULTILINE) == on_page


def test_the_build_ran_these_cells_in_a_folder_of_their_own(path: Path, site: Path) -> None:
    """So the notebook runs by itself; one of them also does so in JupyterLab (tests/browser/test_jupyterlab.py)."""
    settings = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["execute"]
    assert settings["run_in_temp"]
    assert not settings["allow_errors"]
    assert "raises-exception" not in path.read_text(encoding="utf-8")
    cache = get_cache(build.CACHE)
    kept = [record for record in cache.list_cache_records() if Path(record.uri).stem == path.stem]
    assert kept, f"no outputs of {path.stem} are kept: build the book with `make book`"
    ran = cache.get_cache_bundle(max(kept, key=lambda record: record.created).pk).nb.cells
    assert [cell.source.strip("\n") for cell in ran] == sources(path, "code")[1:]
    assert [cell.execution_count for cell in ran] == list(range(1, len(ran) + 1))
    assert not [cell.source for cell in ran for output in cell.outputs if output.output_type == "error"]
