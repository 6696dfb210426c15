"""One name, every floor: a chapter's slug names its page, notebook, modules, explorer and tests.

When this fails after you added a chapter or a module, either the file that it names is missing, or the new
module belongs to no chapter and wants a line in SHARED below, with why.
"""

import ast
import importlib
import inspect
import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml
from tests.budgets import CHAPTERS as PAGES
from tests.core.machinery import chapters

ROOT = Path(__file__).resolve().parents[1]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
CHAPTERS = sorted(
    Path(entry["file"]).name
    for part in TOC["parts"]
    for entry in part["chapters"]
    if Path(entry["file"]).name in {path.stem for path in PAGES.values()}
)


def slug(name: str) -> str:
    return re.sub(r"^\d\d_", "", name)


TABLES = {"scorers", "mechanisms", "trials"}  # which hold functions of other modules, and have tests of their own
MATHEMATICS = sorted(path.stem for path in (ROOT / "src/attnbook/core").glob("[a-z]*.py") if path.stem not in TABLES)

# {name} is a chapter's file name, {slug} the same without its number.
FLOORS = {
    "page": "book/{name}.md",
    "notebook": "notebooks/{name}.ipynb",
    "mathematics": "src/attnbook/core/{slug}.py",
    "torch modules": "src/attnbook/nn/{slug}.py",
    "plots": "src/attnbook/plots/{slug}.py",
    "explorer": "src/attnbook/widgets/{slug}.py",
    "explorer's front end": "src/attnbook/widgets/js/{slug}.js",
    "specification of the assignment": "src/attnbook/classroom/specs/{slug}.py",
    "assignment": "notebooks/assignments/source/{name}.md",
    "hidden properties of the assignment": "notebooks/assignments/hidden/{slug}.py",
    "assignment as it is handed out": "notebooks/assignments/release/{name}/{name}.ipynb",
    "planted functions of the assignment": "tests/classroom/mutants/{slug}.py",
    "tests of the mathematics": "tests/core/{slug}.py",
    "tests of the modules": "tests/nn/test_{slug}.py",
    "tests of the explorer": "tests/widgets/test_{slug}.py",
    "browser tests of the explorer": "tests/browser/test_{slug}.py",
    "cases that compare the front end with the package": "tests/browser/parity/{slug}.py",
}

# (floor, chapter) → why this chapter has nothing there.
EXEMPT: dict[tuple[str, str], str] = {
    ("torch modules", "cognitive"): "nothing in this chapter learns",
    ("tests of the modules", "cognitive"): "nothing in this chapter learns",
    ("torch modules", "efficient"): "nothing on this page learns",
    ("tests of the modules", "efficient"): "nothing on this page learns",
    ("torch modules", "landscape"): "it puts together what other chapters have, and trains their models",
    ("tests of the modules", "landscape"): "it puts together what other chapters have, and trains their models",
}

# What an assignment consists of: a chapter has all of it or nothing.
ASSIGNMENT = [floor for floor in FLOORS if "assignment" in floor]
# The chapters without an assignment.
WITHOUT_ASSIGNMENT = {"soft_hard", "key_value", "structures", "self_attention", "transformer"}
WITHOUT_ASSIGNMENT |= {"channel", "simam", "external", "nadaraya_watson", "landscape", "efficient"}
EXEMPT |= {
    (floor, chapter): "no assignment"
    for floor in ASSIGNMENT
    for chapter in WITHOUT_ASSIGNMENT & {slug(name) for name in CHAPTERS}
}

# Modules that belong to no chapter of the table of contents, and why.
SHARED = {
    "src/attnbook/core/associative.py": "the memory without softmax, which is linear attention, and what softmax gains",
    "src/attnbook/core/estimators.py": "ways to learn through a choice, whatever is chosen",
    "src/attnbook/core/local.py": "windows around a place, for every chapter that looks near one",
    "src/attnbook/core/cache.py": "bytes of keys and values, for whoever asks how long a text may be",
    "src/attnbook/core/fast_weights.py": "memories of fixed size that are written token by token",
    "src/attnbook/core/shared_heads.py": "heads that keep less of each token, for every chapter that has a cache",
    "src/attnbook/core/kernels.py": "kernels by name, for a page, an explorer and whoever weighs by distance",
    "src/attnbook/core/heads.py": "several heads, for every chapter from the sixth on",
    "src/attnbook/core/pictures.py": "maps of pictures, for every chapter that looks at one",
    "src/attnbook/core/pointing.py": "pointers, and the hulls that a page and an explorer let them go round",
    "src/attnbook/core/positions.py": "positions in a sequence, for every chapter from the seventh on",
    "src/attnbook/core/mechanisms.py": "the table of all mechanisms, read by page, explorer and tests",
    "src/attnbook/core/trials.py": "each mechanism of that table beside the function of its own chapter",
    "src/attnbook/core/spatial.py": "masks on places, for every chapter and explorer that looks at pictures",
    "src/attnbook/core/scorers.py": "the table of all scorers, read by page, explorer and tests",
    "src/attnbook/nn/glimpses.py": "a model that looks around in pictures, patch by patch",
    "src/attnbook/nn/blocks.py": "the block that models of text, of translations and of pictures are made of",
    "src/attnbook/nn/gates.py": "the two layers that gates on channels are made from, alone and before a mask",
    "src/attnbook/nn/spatial.py": "the same masks with their parameters, beside core/spatial.py",
    "src/attnbook/nn/side_by_side.py": "copies of one small network of patches, for chapters that compare blocks",
    "src/attnbook/nn/writing.py": "the model that writes, which two pages and an explorer use",
    "src/attnbook/nn/local.py": "local attention with its parameters, beside core/local.py",
    "src/attnbook/nn/heads.py": "several heads with their learned maps",
    "src/attnbook/nn/pointing.py": "the network that points, which page and explorer share",
    "src/attnbook/nn/word_by_word.py": "a recurrent reader that looks back, from before the Transformer",
    "src/attnbook/nn/training.py": "the one loop in which the small models of all chapters are trained",
    "src/attnbook/plots/heatmap.py": "the one heatmap of the whole book",
    "src/attnbook/plots/picture.py": "the one way to draw pixels: a picture, a map, or a picture that fades with a map",
    "src/attnbook/plots/style.py": "the look of every figure",
    "src/attnbook/plots/spread.py": "how often each size occurs, for a few cases",
    "src/attnbook/plots/weights.py": "the bars of the weights of a few keys",
    "src/attnbook/widgets/base.py": "what all explorers have in common",
    "src/attnbook/widgets/declare.py": "what an explorer says once, for Python and JavaScript",
    "src/attnbook/widgets/alignment_sentence.py": "the second explorer of the chapter on alignment",
    "src/attnbook/widgets/js/alignment_sentence.js": "its front end",
    "src/attnbook/widgets/scenery.py": "a picture with things in it, for every explorer that has one",
    "src/attnbook/widgets/js/scenery.js": "the same in the page",
    "src/attnbook/widgets/mosaic.py": "a small photograph as a text and in channels, one of the reader's too",
    "src/attnbook/widgets/js/mosaic.js": "the same in the page",
    "src/attnbook/widgets/structures_document.py": "the second explorer of the chapter on structures",
    "src/attnbook/widgets/js/structures_document.js": "its front end",
    "src/attnbook/widgets/painted.py": "a square of numbers to paint, for every explorer that has one",
    "src/attnbook/widgets/packed.py": "trained networks that a page can hold",
    "src/attnbook/widgets/translator.py": "the translator of that chapter, without torch",
    "src/attnbook/widgets/handmade.py": "the heads of chapter 07's explorer, made by hand",
    "src/attnbook/widgets/writer.py": "the model that writes, of the chapter on the Transformer, without torch",
    "src/attnbook/widgets/js/door.js": "what stands in an explorer's place until its numbers are fetched",
    "src/attnbook/widgets/bundle.py": "joins the modules of a front end",
    "src/attnbook/widgets/svg.py": "the drawing that stands for an explorer without script",
    "tests/browser/parity/machinery.py": "compares any function of a front end with the package's",
    "tests/browser/parity/places.py": "positions, for every explorer that has some",
    "src/attnbook/widgets/js/explorer.js": "what an explorer does whatever it shows",
    "src/attnbook/widgets/js/state.js": "a state as a link, and the way from one to another",
    "src/attnbook/widgets/js/picture.js": "the picture to save",
    "src/attnbook/widgets/scoring_width.py": "the second explorer of the chapter on scoring",
    "src/attnbook/widgets/js/scoring_width.js": "its front end",
    "src/attnbook/widgets/js/matrix.js": "a table of weights in colours",
    "src/attnbook/widgets/js/curves.js": "curves on logarithmic axes",
    "src/attnbook/widgets/js/sorting.js": "words that are put into another order",
    "src/attnbook/widgets/js/pasting.js": "points that a reader types or pastes",
    "src/attnbook/widgets/js/kit.js": "the parts that all front ends are built from",
}


@pytest.mark.parametrize("name", CHAPTERS)
@pytest.mark.parametrize("floor", FLOORS)
def test_each_chapter_is_on_every_floor(floor: str, name: str) -> None:
    if (floor, slug(name)) in EXEMPT:
        return
    path = FLOORS[floor].format(name=name, slug=slug(name))
    assert (ROOT / path).is_file(), f"chapter {name} has no {floor}: {path} is missing"


@pytest.mark.parametrize("floor", FLOORS)
def test_nothing_stands_on_a_floor_without_a_chapter(floor: str) -> None:
    pattern = FLOORS[floor]
    expected = {pattern.format(name=name, slug=slug(name)) for name in CHAPTERS}
    if floor.startswith("tests") or floor.startswith("browser"):
        return  # tests may also be sorted by what they ask instead of by chapter
    wildcard = pattern.format(name="[0-9][0-9]_*", slug="[a-z]*")
    present = {path.relative_to(ROOT).as_posix() for path in ROOT.glob(wildcard)}
    strangers = present - expected - set(SHARED)
    assert not strangers, f"{sorted(strangers)} belong to no chapter of _toc.yml: see SHARED in {__file__}"


def test_what_is_listed_as_shared_or_exempt_is_still_so() -> None:
    own = {pattern.format(name=name, slug=slug(name)) for pattern in FLOORS.values() for name in CHAPTERS}
    for path in SHARED:
        assert (ROOT / path).is_file(), f"{path} is listed as shared but does not exist"
        assert path not in own, f"{path} has its chapter now: take it out of SHARED"
    for floor, chapter in EXEMPT:
        name = next(name for name in CHAPTERS if slug(name) == chapter)
        path = FLOORS[floor].format(name=name, slug=chapter)
        assert not (ROOT / path).is_file(), f"{path} exists now: take it out of EXEMPT"


def public_functions(module: str) -> list[str]:
    """The functions that a module adds to the mathematics."""
    found = importlib.import_module(f"attnbook.core.{module}")
    return [public for public in found.__all__ if inspect.isfunction(getattr(found, public))]


def without_proof(module: str, proofs: ModuleType | None) -> list[str]:
    """What is missing among the checks of a module's functions and the faults that show that they can fail."""
    path = f"tests/core/{module}.py"
    found = []
    for function in public_functions(module):
        if not hasattr(proofs, f"check_{function}"):
            found.append(f"{path} has no check_{function}")
        if function not in getattr(proofs, "FAULTS", {}):
            found.append(f"{path} plants no fault in {function}: see FAULTS")
    return found


@pytest.mark.parametrize("module", MATHEMATICS)
def test_each_function_has_a_check_that_can_fail(module: str) -> None:
    assert without_proof(module, chapters().get(module)) == []


def test_a_function_without_check_or_fault_is_named() -> None:
    assert without_proof("pictures", None)[:2] == [
        "tests/core/pictures.py has no check_blur",
        "tests/core/pictures.py plants no fault in blur: see FAULTS",
    ]
    some = ModuleType("pictures")
    some.FAULTS = {"blur": (), "colour_maps": ()}  # type: ignore[attr-defined]
    some.check_blur = some.check_shape_maps = print  # type: ignore[attr-defined]
    assert without_proof("pictures", some) == [
        "tests/core/pictures.py has no check_colour_maps",
        "tests/core/pictures.py plants no fault in shape_maps: see FAULTS",
    ]


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_function_of_a_chapter_is_on_its_page(name: str) -> None:
    text = (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
    for function in public_functions(slug(name)):
        assert re.search(rf"\b{function}\b", text), f"book/{name}.md never uses {function}"


# How many claims the plan of the book gives to a chapter: C1, C2, …
CLAIMS = {"cognitive": 3, "scoring": 6, "alignment": 5, "soft_hard": 7, "key_value": 5, "structures": 4, "efficient": 7}
CLAIMS |= {"self_attention": 6}
CLAIMS |= {"transformer": 5}
CLAIMS |= {"channel": 6}
CLAIMS |= {"simam": 6}
CLAIMS |= {"external": 4}
CLAIMS |= {"nadaraya_watson": 5}
CLAIMS |= {"landscape": 6}


def claims_of(name: str) -> dict[str, ast.expr]:
    """Each claim of a page, and what has to hold for it."""
    text = (ROOT / "book" / f"{name}.md").read_text(encoding="utf-8")
    calls = re.findall(r"^claims\.check\(\n.*?^\)", text, re.MULTILINE | re.DOTALL)
    nodes = [node for call in calls for node in ast.walk(ast.parse(call)) if isinstance(node, ast.Call)]
    checks = [node for node in nodes if isinstance(node.func, ast.Attribute) and node.func.attr == "check"]
    return {
        ast.literal_eval(node.args[0]): next(keyword.value for keyword in node.keywords if keyword.arg == "holds")
        for node in checks
    }


@pytest.mark.parametrize("name", CHAPTERS)
def test_each_claim_of_the_plan_is_checked_by_a_measurement(name: str) -> None:
    assert slug(name) in CLAIMS, f"say in CLAIMS how many claims the plan gives to {name}"
    claims = claims_of(name)
    missing = {f"C{i + 1}" for i in range(CLAIMS[slug(name)])} - {re.sub("[a-z]", "", claim) for claim in claims}
    assert not missing, f"book/{name}.md does not check {sorted(missing)}"
    for claim, holds in claims.items():
        inside = list(ast.walk(holds))
        assert any(isinstance(node, ast.Name) for node in inside), f"{claim} of {name} measures nothing"
        assert not any(isinstance(node, ast.Constant) and isinstance(node.value, bool) for node in inside), (
            f"{claim} of {name} holds whatever is measured"
        )


def test_there_is_a_chapter() -> None:
    assert CHAPTERS, "_toc.yml names no chapter"
