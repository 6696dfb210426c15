"""What every explorer promises in Python."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import ipywidgets
import pytest
import traitlets
from tests.contract.values import outside

from attnbook.theme import LIGHT
from attnbook.widgets import Explorer
from attnbook.widgets.bundle import esm, style_sheet
from attnbook.widgets.declare import Declared, Ranged


def test_an_explorer_declares_all_it_shares(declared: type[Explorer]) -> None:
    traits = declared.class_traits(sync=True)
    assert [name for name in declared.options() if not isinstance(traits[name], Declared)] == []
    assert len(declared.tasks) >= 2
    for task in declared.tasks:
        assert task.ask[0].islower(), "it goes on after 'Try first: '"
        assert task.told.endswith(".")


def test_bad_values_are_refused_and_the_last_good_ones_stay(declared: type[Explorer]) -> None:
    explorer = declared()
    for name, trait in declared.class_traits(sync=True).items():
        if name not in declared.options():
            continue
        before = getattr(explorer, name)
        for value in outside(trait):
            with pytest.raises(traitlets.TraitError, match=name):
                setattr(explorer, name, value)
            assert getattr(explorer, name) == before


def test_the_ends_of_each_range_are_allowed_and_shown(declared: type[Explorer]) -> None:
    for name in declared.options():
        trait = declared.class_traits(sync=True)[name]
        values = [trait.least, trait.most] if isinstance(trait, Ranged) else list(getattr(trait, "options", []))
        for value in values:
            explorer = declared(**{name: value})
            assert getattr(explorer, name) == value
            assert not re.search(r"\bnan\b", explorer.static_svg().lower())


def test_unknown_options_are_refused(explorer: type[Explorer]) -> None:
    with pytest.raises(TypeError, match="unknown option 'zzz': the options are "):
        explorer(zzz=1)
    for name in explorer.options():
        with pytest.raises(TypeError, match=f"unknown option '{name}x': did you mean"):
            explorer(**{f"{name}x": 1})


def test_it_carries_its_own_module_and_styles(explorer: type[Explorer]) -> None:
    state = explorer().get_state()
    assert state["_esm"] == esm(state["_explorer"])
    assert state["_css"] == style_sheet(state["_explorer"])
    ipywidgets.HBox([explorer(layout={"width": "50%"})])


def test_the_still_is_small_described_and_the_same_every_time(explorer: type[Explorer]) -> None:
    first = explorer().static_svg()
    assert first == explorer().static_svg()
    assert len(first.encode()) <= 45_000
    root = ET.fromstring(first)
    assert root.get("role") == "img"
    assert root.find("{*}title").text
    assert root.find("{*}desc").text == explorer().alt
    assert len(explorer().alt) > 80
    assert " id=" not in first, "many stills may share a page"
    assert LIGHT["paper"] in first


def test_the_notebook_gets_all_three(explorer: type[Explorer]) -> None:
    one = explorer()
    data, _ = one._repr_mimebundle_()
    assert data["application/vnd.jupyter.widget-view+json"]["model_id"] == one.model_id
    assert data["image/svg+xml"] == one.static_svg()
