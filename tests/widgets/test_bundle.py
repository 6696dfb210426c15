"""The bundler: two products of one transform, the same behaviour, and an error for whatever it does not know."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from attnbook.widgets.bundle import CSS, JS, classic_script, esm, load_order, own_style, style_sheet

NODE = shutil.which("node")


def write(folder: Path, **modules: str) -> Path:
    """Write modules; two underlines in a name stand for a slash."""
    for name, text in modules.items():
        path = folder / f"{name.replace('__', '/')}.js"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def toys(tmp_path: Path) -> Path:
    """Three modules that all use the same private names, and names the bundler itself uses."""
    return write(
        tmp_path,
        base=(
            "const secret = 1;\nconst modules = 5;\nexport const base = 2;\n"
            "export function add(a, b) {\n  return a + b + secret;\n}\n"
            "export class Box {\n  constructor(inside) { this.inside = inside; }\n}\n"
        ),
        middle=(
            'import { add, Box } from "./base.js";\n'
            "const secret = 10;\nconst base = 20;\n"
            "export function boxed(a) {\n  return new Box(add(a, secret) + base);\n}\n"
            "export const $odd_1 = () => (function () { return this; })();\n"
        ),
        top=(
            'import {\n  boxed, $odd_1\n} from "./middle.js";\nimport { add } from "./base.js";\n'
            "const secret = 100, middle = 1, top = 2;\n"
            "// a comment that says import { x } from somewhere, and export\n"
            "export function render({ model, el }) {\n"
            "  return [boxed(secret).inside, add(middle, top), $odd_1() === undefined, typeof model, typeof el];\n}\n"
        ),
    )


def in_node(code: str, *flags: str) -> list[object]:
    assert NODE, "this test runs JavaScript: install the pinned environment, which brings Node"
    done = subprocess.run([NODE, *flags, "-e", code], capture_output=True, encoding="utf-8", check=True)
    answer: list[object] = json.loads(done.stdout)
    return answer


def test_each_module_comes_once_and_after_what_it_needs(toys: Path) -> None:
    assert load_order("base", toys) == ["base"]
    assert load_order("top", toys) == ["base", "middle", "top"]


def test_both_products_do_the_same_and_no_names_collide(toys: Path) -> None:
    say = "console.log(JSON.stringify(render({ model: 1, el: {} })));"
    classic = "".join(classic_script(name, toys) for name in load_order("top", toys))
    as_script = in_node(f"{classic}\nconst {{ render }} = globalThis.attnbook.top;\n{say}")
    text = esm("top", toys)
    assert text.count("export default") == 1
    as_module = in_node(
        text.replace("export default", "const linked =") + f"const {{ render }} = linked;\n{say}",
        "--input-type=module",
    )
    assert as_script == as_module == [131, 4, True, "number", "object"]


def test_a_classic_script_leaves_one_global_name(toys: Path) -> None:
    scripts = "".join(classic_script(name, toys) for name in load_order("top", toys))
    new = "Object.keys(globalThis).filter((name) => !before.includes(name))"
    say = f"console.log(JSON.stringify([{new}, Object.keys(attnbook), Object.keys(attnbook.middle)]));"
    assert in_node(f"const before = Object.keys(globalThis);\n{scripts}\n{say}") == [
        ["attnbook"],
        ["base", "middle", "top"],
        ["boxed", "$odd_1"],
    ]


@pytest.mark.parametrize(
    "line",
    [
        'import kit from "./base.js";',
        'import * as kit from "./base.js";',
        'import "./base.js";',
        'import { add } from "https://elsewhere.example/base.js";',
        'import { add } from "base.js";',
        'import { add } from "/base.js";',
        "import { add } from './base.js';",
        '  import { add } from "./base.js";',
        'const kit = await import("./base.js");',
        "const here = import.meta.url;",
        "export default function render() {}",
        "export { render };",
        'export * from "./base.js";',
        "export let count = 0;",
        "export async function render() {}",
        "  export function render() {}",
    ],
)
def test_other_forms_are_refused(toys: Path, line: str) -> None:
    write(toys, other=f"const a = 1;\n{line}\n")
    for bundle in (esm, classic_script):
        with pytest.raises(ValueError, match=r"other\.js says `.*`; write `import \{ a, b \} from"):
            bundle("other", toys)


@pytest.mark.parametrize("names", ["sub", "add, sub", "add as plus"])
def test_a_name_that_is_not_exported_is_refused(toys: Path, names: str) -> None:
    write(toys, other=f'import {{ {names} }} from "./base.js";\n')
    with pytest.raises(ValueError, match=r"other\.js imports .*, which base\.js does not export"):
        classic_script("other", toys)


def test_a_circle_is_refused(tmp_path: Path) -> None:
    write(
        tmp_path,
        a='import { b } from "./b.js";\nexport const a = 1;\n',
        b='import { a } from "./a.js";\nexport const b = 1;\n',
    )
    with pytest.raises(ValueError, match="a → b → a: modules may not import each other in a circle"):
        load_order("a", tmp_path)


def test_a_module_that_is_not_there(tmp_path: Path) -> None:
    write(tmp_path, a='import { b } from "./nowhere.js";\n')
    with pytest.raises(FileNotFoundError, match=r"nowhere\.js"):
        esm("a", tmp_path)


def test_a_module_in_a_folder_finds_its_neighbours_and_those_outside(tmp_path: Path) -> None:
    write(
        tmp_path,
        kit="export const one = 1;\n",
        math__base='import { one } from "../kit.js";\nexport const two = one + 1;\n',
        math__top='import { two } from "./base.js";\nexport const three = two + 1;\n',
        top='import { three } from "./math/top.js";\nexport function render() {\n  return [three];\n}\n',
    )
    order = load_order("top", tmp_path)
    assert order == ["kit", "math/base", "math/top", "top"]
    say = "console.log(JSON.stringify(render()));"
    scripts = "".join(classic_script(name, tmp_path) for name in order)
    assert in_node(f"{scripts}\nconst {{ render }} = attnbook.top;\n{say}") == [3]
    bundled = esm("top", tmp_path).replace("export default", "const { render } =")
    assert in_node(f"{bundled}\n{say}", "--input-type=module") == [3]


@pytest.mark.parametrize("path", ["../base", "./math/../../base"])
def test_what_is_outside_the_folder_is_refused(tmp_path: Path, path: str) -> None:
    write(tmp_path, a=f'import {{ b }} from "{path}.js";\n')
    with pytest.raises(ValueError, match="outside the folder of the modules"):
        esm("a", tmp_path)


RENDER = re.compile(r"^export (?:function|const) render\b", re.MULTILINE)
EXPLORERS = sorted(path.stem for path in JS.glob("*.js") if RENDER.search(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", EXPLORERS)
def test_the_shipped_modules_can_be_bundled(name: str) -> None:
    assert "render" in esm(name).rsplit("return {", 1)[1]
    for module in load_order(name):
        text = classic_script(module)
        for address in ("http://", "https://", "//cdn"):
            assert address not in text.replace("http://www.w3.org/2000/svg", "")


@pytest.mark.parametrize("name", EXPLORERS)
def test_an_explorer_brings_the_shared_styles_and_its_own_alone(name: str) -> None:
    style, base = style_sheet(name), (CSS / "base.css").read_text(encoding="utf-8")
    assert style == base + own_style(name)
    assert f'.explorer[data-explorer="{name}"]' in own_style(name)
    for other in set(EXPLORERS) - {name}:
        assert f'data-explorer="{other}"' not in style
    assert "@import" not in style
    assert "url(" not in style
    assert style.count("{") == style.count("}")


def test_every_style_sheet_belongs_to_an_explorer() -> None:
    assert {path.stem for path in CSS.glob("*.css")} <= {"base", *EXPLORERS}


@pytest.mark.parametrize("name", EXPLORERS)
def test_every_class_that_a_style_sheet_names_is_used(name: str) -> None:
    used = "".join(classic_script(module) for module in load_order(name))
    everywhere = used + "".join(path.read_text(encoding="utf-8") for path in JS.glob("*.js"))
    for style, scripts in ((own_style(name), used), (own_style("base"), everywhere)):
        for class_name in set(re.findall(r"\.(attn-[\w-]+)", style)) - {"attn-dark", "attn-rows", "attn-columns"}:
            assert re.search(rf"{class_name}(?![\w-])", scripts), f".{class_name} is styled and never used"
