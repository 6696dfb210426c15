"""Sliders, menus and what they move, on a page without Python: a still picture that says where it moves.

What `ipywidgets.interact` and its relatives show is answered by a kernel, which a page does not have. The page gets
the controls with the values that they had when it was built, the pictures and words that stood beneath them, and links
to the notebook. The picture's words come from the cell's `mystnb: image:`, as for any picture. An error in
a function that a control calls fails the build, which Jupyter alone would let pass.
"""

from __future__ import annotations

import hashlib
import html
import math
from base64 import b64decode
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from docutils import nodes
from nbclient.output_widget import OutputWidget
from sphinx.application import Sphinx
from sphinx.util import logging

from assignment_links import links
from launch import notebook_of

logger = logging.getLogger(__name__)

# While a cell runs, nbclient tells the kernel what an output widget shows, on the very socket on which it waits for the
# cell's reply, and now and then never hears that reply (jupyter/nbclient#312). The kernel has no use for the message.
OutputWidget.sync_state = lambda self: None  # type: ignore[method-assign]

States = Mapping[str, Mapping[str, Any]]
REFERENCE = "IPY_MODEL_"
PICTURES = {"image/svg+xml": "svg", "image/png": "png"}
DRAWN = {"outputs", "value", "_options_labels", "button_style"}  # the leaf of a box has one of these
NUMBERS = {"IntSliderModel", "FloatSliderModel", "FloatLogSliderModel"}


def is_still(states: States, model: str) -> bool:
    """Whether a page can show all of a widget: boxes, controls, text and outputs."""
    state = states.get(model, {})
    inside = children(state)
    return all(is_still(states, child) for child in inside) if inside else bool(DRAWN & state.keys())


def still(app: Sphinx, shown: nodes.Element, states: States, model: str) -> nodes.container:
    """Return what a page shows of a widget that needs Python."""
    cell = next(node for node in parents(shown) if node.get("nb_element") == "cell_code")
    look = cell["cell_metadata"].get("mystnb", {}).get("image", {})
    controls: list[nodes.Node] = []
    outputs: list[nodes.Node] = []
    for state in leaves(states, model):
        if "outputs" in state:
            for output in state["outputs"]:
                outputs += output_of(app, shown, output, look)
        else:
            controls.append(nodes.list_item("", control(state)))
    box = nodes.container("", classes=["still"])
    if controls:
        box += nodes.bullet_list("", *controls, classes=["controls"])
    box += outputs
    box += where_it_moves(app)
    return box


def where_it_moves(app: Sphinx) -> nodes.paragraph:
    """Return the line that says what the reader must open."""
    words: list[nodes.Node] = [nodes.Text("A still picture: here no Python runs that could answer. It moves in ")]
    notebook = notebook_of(app.env, app.env.docname)
    words += links(app, app.env.docname, notebook) if notebook else [nodes.Text("a notebook")]
    return nodes.paragraph("", "", *words, nodes.Text("."))


def parents(node: nodes.Node) -> Iterator[nodes.Element]:
    """Yield what holds a node, from the inside out."""
    while (node := node.parent) is not None:
        yield node


def children(state: Mapping[str, Any]) -> list[str]:
    """Return the models inside a box."""
    return [child.removeprefix(REFERENCE) for child in state.get("children", [])]


def leaves(states: States, model: str) -> Iterator[Mapping[str, Any]]:
    """Yield the states of all that a box holds, in order."""
    inside = children(states[model])
    for child in inside:
        yield from leaves(states, child)
    if not inside:
        yield states[model]


def control(state: Mapping[str, Any]) -> nodes.paragraph:
    """Return a control as it stands: its name, where its handle is, and its value."""
    line = nodes.paragraph("", "", nodes.inline("", state.get("description", "")))
    if state["_model_name"] in NUMBERS:
        low, high = float(state["min"]), float(state["max"])
        value = float(state["value"])
        if state["_model_name"] == "FloatLogSliderModel":
            value = math.log(value, state["base"])
        share = (value - low) / ((high - low) or 1)  # a slider may have only one place
        line += nodes.raw("", f'<span class="track" style="--at: {share:.0%}"></span>', format="html")
    line += nodes.strong("", value_of(state))
    return line


def value_of(state: Mapping[str, Any]) -> str:
    """Return the value of a control as it is read."""
    if "_options_labels" in state:
        index = state["index"]
        chosen = index if isinstance(index, list) else [] if index is None else [index]
        return ", ".join(state["_options_labels"][i] for i in chosen)
    value = state.get("value", "")  # a button has none
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, float):
        return format(value, state.get("readout_format") or "g").replace("-", "−")
    return html.unescape(str(value))


def output_of(
    app: Sphinx, shown: nodes.Element, output: Mapping[str, Any], look: Mapping[str, str]
) -> list[nodes.Node]:
    """Return what a function that controls call has shown: a picture or words."""
    if output["output_type"] == "error" or output.get("name") == "stderr":
        told = output.get("text") or f"{output['ename']}: {output['evalue']}"
        logger.warning("a function that a control calls says: %s", told.strip(), location=shown)
        return []
    data = output.get("data", {"text/plain": output.get("text", "")})
    for kind, suffix in PICTURES.items():
        if kind in data:
            return [nodes.image(uri=written(app, data[kind], suffix), alt=" ".join(look.get("alt", "").split()))]
    text = "".join(data["text/plain"]).rstrip()
    return [nodes.literal_block(text, text, classes=["output"], language="none")]


def written(app: Sphinx, picture: str, suffix: str) -> str:
    """Write a picture where myst-nb writes those of other cells, and return its address for Sphinx."""
    content = picture.encode() if suffix == "svg" else b64decode(picture)
    folder = Path(app.outdir).parent / "jupyter_execute"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{hashlib.sha256(content).hexdigest()}.{suffix}"
    path.write_bytes(content)
    return f"/{path.relative_to(app.srcdir).as_posix()}"
