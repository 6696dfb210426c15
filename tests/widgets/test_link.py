"""The linker: two products of one transform, the same behaviour, and an error for whatever it does not know."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from attnbook.widgets.link import JS, classic_script, linked_esm, load_order, style_sheet

NODE = shutil.which("node")


def write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def toys(tmp_path: Path) -> Path:
    """Three modules that all use the same private names, and names the linker itself uses."""
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
    esm = linked_esm("top", toys)
    assert esm.count("export default") == 1
    as_module = in_node(
        esm.replace("export default", "const linked =") + f"const {{ render }} = linked;\n{say}",
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
        'import { add } from "./deeper/base.js";',
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
    for link in (linked_esm, classic_script):
        with pytest.raises(ValueError, match=r"other\.js says `.*`; write `import \{ a, b \} from"):
            link("other", toys)


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
        linked_esm("a", tmp_path)


def test_the_shipped_modules_link() -> None:
    assert load_order("scoring") == ["kit", "math", "scoring"]
    explorers = {path.stem for path in JS.glob("*.js")} - {"kit", "math"}
    for name in explorers:
        assert "render" in linked_esm(name).rsplit("return {", 1)[1]
        for module in load_order(name):
            text = classic_script(module)
            for address in ("http://", "https://", "//cdn"):
                assert address not in text.replace("http://www.w3.org/2000/svg", "")
    assert "@import" not in style_sheet()
    assert "url(" not in style_sheet()
