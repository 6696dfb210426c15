"""The glossary holds the words of the source notes, in both languages, and each leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml
from bs4 import BeautifulSoup, NavigableString, Tag
from tests.budgets import CHAPTERS

import myst

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY = ROOT / "book" / "glossary.md"
CHINESE = re.compile(r"[\u3400-\u9fff]")
PLAN = [
    chapter
    for part in yaml.safe_load((ROOT / "book" / "plan.yml").read_text(encoding="utf-8"))["parts"]
    for chapter in part["chapters"]
]
SLUGS = {chapter["slug"] for chapter in PLAN}
UNNUMBERED = {chapter["slug"]: chapter["title"] for chapter in PLAN if "number" not in chapter}

# What stands in the headings of the five source notes and in bold in their text, in the right characters.
NOTES = {
    "000": """
        认知神经学 聚焦式注意力 选择性注意力 自上而下的注意力 基于显著性的注意力 自下而上的注意力 注意力机制
        注意力模型 注意力分布 相似性 归一化 加权平均 查询向量 注意力打分函数 输入向量 软性注意力 硬性注意力 最大采样
        随机采样 局部注意力 键值对注意力 键值对 多头注意力 结构化注意力 指针网络 自注意力模型""",
    "001": """
        重要性权重 神经机器翻译 上下文向量 编码器 解码器 隐藏状态 捷径 对齐 对齐评分函数 源 目标 自注意力
        内部注意力 软注意力 硬注意力 全局注意力""",
    "002": """
        显著性注意力 池化 最大池化 门控 相关性 打分函数 不需要学习的打分函数 需要学习的打分函数 加性模型 点积模型
        缩放点积模型 双线性模型 注意力变量 相关性采样 键值注意力 软寻址 多头自注意力 通道注意力 空间注意力 压缩 激励
        通道相关性 全局平均池化 外部注意力 无参的注意力 能量函数 空间抑制 线性可分性 闭式解 长距离依赖关系 梯度消失
        强化学习 循环神经网络 卷积神经网络 计算机视觉 机器人技术""",
    "003": """
        人工神经网络 连续函数 自注意力机制 查询–键–值模式 时间复杂度 序列操作数 最大路径长度""",
    "004": """
        自主性提示 非自主性提示 感官输入 查询 键 值 注意力池化 注意力汇聚 平均池化 非参数注意力池化
        参数化注意力机制 核回归 核 高斯核 注意力权重 一致性""",
}


class Entry(NamedTuple):
    names: list[str]
    text: str


def entries() -> list[Entry]:
    found: list[Entry] = []
    for body in re.findall(r"^```\{glossary\}\n(.*?)^```$", GLOSSARY.read_text(encoding="utf-8"), re.M | re.S):
        for block in body.strip("\n").split("\n\n"):
            lines = block.split("\n")
            names = [line for line in lines if not line.startswith(" ")]
            found.append(Entry(names, " ".join(line.strip() for line in lines[len(names) :])))
    return found


@pytest.fixture(scope="module")
def page(site: Path) -> BeautifulSoup:
    return BeautifulSoup((site / "book" / "glossary.html").read_text(encoding="utf-8"), "html.parser")


def words(element: Tag) -> str:
    return " ".join(element.get_text().replace("#", "").split())


@pytest.mark.parametrize("term", [term for terms in NOTES.values() for term in terms.split()])
def test_every_term_of_the_notes_is_explained(term: str) -> None:
    assert [entry for entry in entries() if term in entry.names]


def test_the_wrong_character_of_one_note_is_not_repeated() -> None:
    assert "健" not in GLOSSARY.read_text(encoding="utf-8")


def test_entries_are_in_order_and_stand_under_their_letters() -> None:
    first = [entry.names[0] for entry in entries()]
    assert not [name for name in first if CHINESE.search(name)]
    letters = [re.sub(r"[^a-z0-9 ]+", " ", name.casefold()) for name in first]
    assert letters == sorted(letters)
    text = GLOSSARY.read_text(encoding="utf-8")
    for start, end, body in re.findall(r"^## ([A-Z]) to ([A-Z])\n(.*?)(?=^## |\Z|^\()", text, re.M | re.S):
        initials = {entry.names[0][0].upper() for entry in entries() if f"\n{entry.names[0]}\n" in body}
        assert min(initials) >= start
        assert max(initials) <= end


def test_every_entry_is_a_sentence_or_two_and_names_a_chapter() -> None:
    for entry in entries():
        chapters = re.findall(r"\{chapter\}`(\w+)(?:#[\w-]+)?`", entry.text)
        assert chapters, f"{entry.names[0]} names no chapter"
        assert set(chapters) <= SLUGS
        assert 5 <= len(re.sub(r"\{\w+\}`[^`]+`[,.]?", " word ", entry.text).split()) <= 60, entry.names[0]
        assert entry.text.endswith(".")


def test_an_entry_that_names_a_written_chapter_is_used_there() -> None:
    """By one of its names, whatever their endings; or the entry names the very section, formula or table."""
    pages = {slug: path.read_text("utf-8").lower() for slug, path in CHAPTERS.items()}
    for entry in entries():
        for chapter in re.findall(r"\{chapter\}`(\w+)`(?!, \{(?:eq|numref)\})", entry.text):
            stems = [[word[:5] for word in re.findall(r"\w+", name.lower())] for name in entry.names]
            used = any(all(stem in pages.get(chapter, stem) for stem in words) for words in stems)
            assert used or chapter not in pages, f"{entry.names[0]} names {chapter}, which does not use it"


def test_no_name_stands_twice() -> None:
    names = [name.lower() for entry in entries() for name in entry.names]
    assert len(names) == len(set(names))


def test_the_anchors_that_notebooks_link_to_are_those_of_the_page(page: BeautifulSoup) -> None:
    shown = {words(term).lower(): term["id"] for term in page.select("dl.glossary dt")}
    assert shown == myst.terms_of(GLOSSARY)


def test_chinese_says_that_it_is_chinese(site: Path) -> None:
    seen = 0
    for path in sorted((site / "book").glob("*.html")):
        soup = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        for text in soup.main.find_all(string=CHINESE):
            assert isinstance(text, NavigableString)
            assert text.find_parent(lang="zh-Hans"), f"{path.name}: {text}"
            seen += 1
    assert seen > 300


def test_the_chinese_index_leads_from_every_term_to_its_entry_in_the_order_of_its_sound(page: BeautifulSoup) -> None:
    links = page.select(".chinese-index a")
    targets = {words(link): link["href"].removeprefix("#") for link in links}
    names = {name: entry.names[0] for entry in entries() for name in entry.names if CHINESE.search(name)}
    assert targets.keys() == names.keys()
    for link in links:
        assert words(page.find(id=targets[words(link)])) == words(link)
        assert words(link.parent) == f"{words(link)} {names[words(link)]}"
    # bǎo, biān, chá, duì, gāo, jiàn, kě, ruǎn, shāng, wēn, yǎn, zhí, zì
    order = ["饱和", "编码器", "查询", "对齐", "高斯核", "键", "可导", "软注意力", "熵", "温度"]
    order += ["掩码", "值", "自注意力"]
    places = [list(targets).index(term) for term in order]
    assert places == sorted(places)
    assert targets["查询"] == "term-查询"
    assert targets["3D 权重"] == "term-3D-权重"


def test_a_chapter_that_is_not_written_is_named_in_words(page: BeautifulSoup, site: Path) -> None:
    written = {path.stem for path in (site / "book").glob("[0-9][0-9]_*.html")}
    text = words(page.main)
    for number, title in [(2, "Scoring functions"), (13, "A map of attention")]:
        there = any(name.startswith(f"{number:02d}_") for name in written)
        assert (f"Chapter {number} ({title})" in text) != there
    for link in page.select("dd a:has(> .chapter-title)"):
        number = re.match(r"\d\d", link["href"])
        assert words(link) == (f"Chapter {int(number[0])}" if number else UNNUMBERED[link["href"].partition(".")[0]])


@pytest.mark.parametrize("chapter", CHAPTERS.values(), ids=lambda path: path.stem)
def test_a_chapter_links_its_terms_once_and_not_too_often(chapter: Path) -> None:
    used = re.findall(r"\{term\}`(?:[^`<]*<)?([^`<>]+?)>?`", chapter.read_text(encoding="utf-8"))
    assert 8 <= len(used) <= 30
    assert len({term.lower() for term in used}) == len(used)
