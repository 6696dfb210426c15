"""Ways to run a page: Binder, Colab, and the notebook file itself, which the site carries along.

Every address is made from `repository: url:` and `branch:` in `_config.yml`, so moving the project is one line. A
chapter whose notebook does not exist is a warning, and so fails the build: no button leads nowhere.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import quote, urlsplit

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util import logging

from chapter_numbers import chapter_number

logger = logging.getLogger(__name__)

NOTEBOOKS = "notebooks"


def notebook_of(env: BuildEnvironment, docname: str) -> str | None:
    """The notebook of a page, as a path from the project's root: every chapter has one, and some other pages."""
    notebook = f"{NOTEBOOKS}/{PurePosixPath(docname).name}.ipynb"
    return notebook if chapter_number(docname) or (Path(env.srcdir) / notebook).is_file() else None


def launch_links(repository: str, branch: str, notebook: str) -> dict[str, str]:
    """Where a notebook runs in the browser."""
    project = urlsplit(repository).path.strip("/")
    return {
        "binder": f"https://mybinder.org/v2/gh/{project}/{branch}?urlpath={quote(f'lab/tree/{notebook}', safe='')}",
        "colab": f"https://colab.research.google.com/github/{project}/blob/{branch}/{notebook}",
    }


def repository_of(app: Sphinx) -> tuple[str, str]:
    """Address and branch, as Jupyter Book hands them on."""
    options = app.config.html_theme_options
    return options["repository_url"].rstrip("/"), options["repository_branch"]


def add_links(app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: Any) -> None:
    """Give the page's template its links."""
    if pagename not in app.env.all_docs:
        return
    repository, branch = repository_of(app)
    source = Path(app.env.doc2path(pagename)).relative_to(app.srcdir).as_posix()
    context["source_url"] = f"{repository}/blob/{branch}/{source}"
    context["edit_url"] = f"{repository}/edit/{branch}/{source}"
    notebook = notebook_of(app.env, pagename)
    if notebook:
        context["notebook"] = context["pathto"](notebook, resource=True)
        context["launch"] = launch_links(repository, branch, notebook)


def notebooks(app: Sphinx) -> Iterable[tuple[str, str]]:
    """Each page that has one, and its notebook."""
    for docname in sorted(app.env.all_docs):
        notebook = notebook_of(app.env, docname)
        if notebook:
            yield docname, notebook


def check_notebooks(app: Sphinx, env: BuildEnvironment) -> None:
    """Every chapter has its notebook."""
    for docname, notebook in notebooks(app):
        if not (Path(app.srcdir) / notebook).is_file():
            logger.warning("%s is missing: `make notebooks` writes it", notebook, location=docname)


def copy_notebooks(app: Sphinx, exception: Exception | None) -> None:
    """Put the notebooks where the page's link finds them."""
    if exception is not None or app.builder.name != "html":
        return
    for _, notebook in notebooks(app):
        source, target = Path(app.srcdir) / notebook, Path(app.outdir) / notebook
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)


def setup(app: Sphinx) -> dict[str, bool]:
    """Check, link and copy."""
    app.connect("env-check-consistency", check_notebooks)
    app.connect("html-page-context", add_links)
    app.connect("build-finished", copy_notebooks)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
