"""An explorer on the page: the notebook's widget output becomes a still picture that a few scripts bring to life.

What an explorer declares as `fetched` is left out of the page: it becomes a script of its own that leaves this one
value, and the state has its name and its size instead. `loader.js` fetches it when the reader asks.

Jupyter's own way embeds every widget's whole source in the page and loads megabytes from elsewhere. Here the page gets
the picture, the explorer's state as JSON under a name that is the same in every build, and a few small classic scripts
(`attnbook.widgets.bundle`), which also run when the page is opened as a file, and the explorer's own styles. EPUB and
print keep the picture.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any

from docutils import nodes
from myst_nb.sphinx_ import NbMetadataCollector
from sphinx.application import Sphinx
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from attnbook.widgets import bundle
from controls import is_still, still

logger = logging.getLogger(__name__)

VIEW = "application/vnd.jupyter.widget-view+json"
STATIC = "image/svg+xml"
FOLDER = "explorers"  # of their scripts and styles, in the site's _static
LIVE_BUILDERS = {"html", "dirhtml", "singlehtml"}
# What Jupyter keeps for itself and what the page loads once for all explorers.
NOT_STATE = {"layout", "tabbable", "tooltip"}


class explorer(nodes.General, nodes.Element):  # type: ignore[misc]  # noqa: N801
    """Holds the still image; knows the explorer's name, state and picture."""


def find_explorers(app: Sphinx, document: nodes.document) -> None:
    """Replace each widget output by an explorer, once, when the page is read."""
    docname = app.env.docname
    states = widget_states(app, docname)
    outputs_of_cells = [node for node in document.findall(nodes.container) if node.get("nb_element") == "mime_bundle"]
    used: list[str] = []
    for shown in outputs_of_cells:
        outputs = {child["mime_type"]: child for child in shown.children if isinstance(child, nodes.container)}
        if VIEW not in outputs:
            continue
        model = model_id(outputs[VIEW])
        state = states.get(model, {})
        name = state.get("_explorer")
        if not name or STATIC not in outputs:
            if is_still(states, model):
                shown.replace_self(still(app, shown, states, model))
            else:
                logger.warning("a widget that a page can neither bring to life nor draw", location=shown)
            continue
        used.append(name)
        identity = f"{PurePosixPath(docname).name}-explorer-{len(used)}"
        small, files = parted(page_state(state), state.get("_fetched", ()), identity)
        app.env.metadata[docname].setdefault("fetched", {}).update(files)
        node = explorer(name=name, state=small, identity=identity)
        image = next(outputs[STATIC].findall(nodes.image))
        image["alt"] = " ".join(plain_text(outputs).split()) or f"The {name} explorer"
        node["svg"] = (Path(app.srcdir) / image["uri"].lstrip("/")).read_text(encoding="utf-8")
        node += image
        shown.replace_self(node)
        app.env.metadata[docname].setdefault("still", node["svg"][node["svg"].index("<svg") :].strip())
    app.env.metadata[docname]["explorers"] = list(dict.fromkeys(used))


def widget_states(app: Sphinx, docname: str) -> dict[str, dict[str, Any]]:
    """Model id → state of all widgets the page's notebook left behind."""
    _, kwargs = NbMetadataCollector.get_js_files(app.env, docname).pop("ipywidgets_state", (None, {}))
    stored = json.loads(kwargs.get("body", "{}").replace(r"<\/script>", "</script>"))
    return {model: entry["state"] for model, entry in stored.get("state", {}).items()}


def model_id(view: nodes.Element) -> str:
    """Which model a widget view shows."""
    text = next(view.findall(nodes.raw)).astext()
    found: str = json.loads(text[text.index(">") + 1 : text.rindex("</script>")])["model_id"]
    return found


def plain_text(outputs: dict[str, nodes.container]) -> str:
    """The words that stand for the explorer where no picture can."""
    return outputs["text/plain"].astext() if "text/plain" in outputs else ""


def page_state(state: dict[str, Any]) -> dict[str, Any]:
    """The traits that the front end reads, in a stable order."""
    return {name: state[name] for name in sorted(state) if not name.startswith("_") and name not in NOT_STATE}


def parted(state: dict[str, Any], fetched: Iterable[str], identity: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The state without what is fetched later, and the scripts that leave it, by their names."""
    files = {}
    for name in fetched:
        file = f"{identity}-{name}"
        value = json.dumps(state[name], sort_keys=True, separators=(",", ":"))
        script = f'(globalThis.attnbook ??= {{}})["{file}"] = {value};\n'
        files[f"{FOLDER}/{file}.js"] = script
        sent = len(gzip.compress(script.encode(), mtime=0))  # as a host sends it
        version = hashlib.sha256(script.encode()).hexdigest()[:8]
        state = {**state, name: {"file": file, "version": version, "size": len(script), "sent": sent}}
    return state, files


class ShowExplorers(SphinxPostTransform):
    """Alive on a page, a picture elsewhere."""

    default_priority = 3  # before myst-nb chooses among an output's forms

    def run(self, **kwargs: Any) -> None:
        """Replace every explorer by what this builder can show."""
        live = self.app.builder.name in LIVE_BUILDERS
        for node in list(self.document.findall(explorer)):
            node.replace_self(nodes.raw("", self.html(node), format="html") if live else node.children)

    def html(self, node: explorer) -> str:
        """The picture, and beside it what the loader needs."""
        model = node["identity"]
        # Sorted, since outputs that jupyter-cache has kept come back sorted.
        state = json.dumps(node["state"], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        state = state.replace("</", r"<\/")
        svg = node["svg"][node["svg"].index("<svg") :].strip()
        return (
            f'<div class="explorer" data-explorer="{node["name"]}" data-model="{model}">'
            f'<div class="explorer-static">{svg}</div></div>\n'
            f'<script type="application/json" id="{model}">{state}</script>\n'
            "<noscript><p>With scripts switched on, this picture can be explored.</p></noscript>"
        )


def page_scripts(app: Sphinx, docname: str) -> list[str]:
    """The scripts that a page's explorers need, in the order in which they must run."""
    modules = dict.fromkeys(module for name in used_on(app, docname) for module in bundle.load_order(name))
    return [f"{FOLDER}/{module}.js" for module in modules] + (["loader.js"] if modules else [])


def page_styles(app: Sphinx, docname: str) -> list[str]:
    """The styles that only this page's explorers need; what all explorers share is in the book's own sheet."""
    return [f"{FOLDER}/{name}.css" for name in used_on(app, docname) if bundle.own_style(name)]


def used_on(app: Sphinx, docname: str) -> list[str]:
    """The names of the explorers on a page."""
    names: list[str] = app.env.metadata.get(docname, {}).get("explorers", [])
    return names


def setup(app: Sphinx) -> dict[str, bool]:
    """Find explorers when a page is read, show them when it is written."""
    app.add_node(explorer)
    app.connect("doctree-read", find_explorers, priority=400)  # before Sphinx collects the page's images
    app.add_post_transform(ShowExplorers)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
