"""The rules of a PPTX that PowerPoint enforces, checked on the file's own XML."""

from __future__ import annotations

import posixpath
import re
import zipfile
from io import BytesIO
from math import isclose
from typing import Any

import openpyxl
from lxml import etree

NS = {
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "p": "http://schemas.openxmlformats.org/presentationml/2006/main",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
}
_RELS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_R = f"{{{NS['r']}}}"


def assert_sound(content: bytes) -> None:
    """Raises `AssertionError` where a rule is broken."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        names = archive.namelist()
        assert len(names) == len(set(names)), "a name twice"
        parts = {name: archive.read(name) for name in names}
    trees = {
        name: etree.fromstring(part) for name, part in parts.items()
        if name.endswith((".xml", ".rels"))
    }  # fmt: skip
    targets = _relations(trees, set(names))
    _assert_typed(trees, names)
    _assert_reached(targets, names)
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            known = {rel for rel, _ in targets.get(name, [])}
            used = {v for e in tree.iter() for k, v in e.attrib.items() if k.startswith(_R)}
            assert used <= known, (name, used - known)
            _assert_text(name, tree)
    for name, tree in trees.items():
        if re.fullmatch(r"ppt/(slides|slideLayouts|slideMasters|notesSlides)/\w+\.xml", name):
            _assert_shapes(name, tree)
        if re.fullmatch(r"ppt/charts/chart\d+\.xml", name):
            _assert_chart(tree, parts, dict(targets[name]))
    main = trees["ppt/presentation.xml"]
    slides = main.xpath("p:sldIdLst/p:sldId/@id", namespaces=NS)
    assert len(slides) == len(set(slides))
    assert all(256 <= int(number) < 2**31 for number in slides)
    assert len(slides) == sum(bool(re.fullmatch(r"ppt/slides/slide\d+\.xml", n)) for n in names)
    masters = main.xpath("p:sldMasterIdLst/p:sldMasterId/@id", namespaces=NS)
    layouts = [v for n, tree in trees.items() if "slideMasters/slideM" in n
               for v in tree.xpath("p:sldLayoutIdLst/p:sldLayoutId/@id", namespaces=NS)]  # fmt: skip
    assert len({*masters, *layouts}) == len(masters) + len(layouts)


def _relations(trees: dict[str, Any], names: set[str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {}
    for name, tree in trees.items():
        if not name.endswith(".rels"):
            continue
        folder, file = posixpath.split(name)
        owner = posixpath.normpath(posixpath.join(folder, "..", file.removesuffix(".rels")))
        assert owner == "." or owner in names, name
        ids = [rel.get("Id") for rel in tree.iter(_RELS)]
        assert len(ids) == len(set(ids)), name
        for rel in tree.iter(_RELS):
            assert rel.get("TargetMode") != "External", (name, rel.get("Target"))
            target = rel.get("Target")
            base = "" if target.startswith("/") else posixpath.dirname(owner)
            path = posixpath.normpath(posixpath.join(base, target.lstrip("/")))
            assert path in names, (name, target)
            found.setdefault(owner, []).append((rel.get("Id"), path))
    return found


def _assert_typed(trees: dict[str, Any], names: list[str]) -> None:
    types = trees["[Content_Types].xml"]
    endings = {e.get("Extension").lower() for e in types.iter(f"{_TYPES}Default")}
    overrides = [e.get("PartName").lstrip("/") for e in types.iter(f"{_TYPES}Override")]
    assert len(overrides) == len(set(overrides))
    assert set(overrides) <= set(names)
    for name in names:
        if name != "[Content_Types].xml":
            assert name in overrides or name.rsplit(".", 1)[-1].lower() in endings, name


def _assert_reached(targets: dict[str, list[tuple[str, str]]], names: list[str]) -> None:
    seen, waiting = set(), ["."]
    while waiting:
        owner = waiting.pop()
        if owner not in seen:
            seen.add(owner)
            waiting += [target for _, target in targets.get(owner, [])]
    parts = {n for n in names if not n.endswith(".rels") and n != "[Content_Types].xml"}
    assert parts <= seen, parts - seen


def _assert_text(name: str, tree: Any) -> None:
    for run in tree.iter(f"{{{NS['a']}}}r"):
        assert run.findtext("a:t", namespaces=NS), f"an empty run in {name}"


def _assert_shapes(name: str, tree: Any) -> None:
    ids = tree.xpath("//p:cNvPr/@id", namespaces=NS)
    assert len(ids) == len(set(ids)), name
    assert all(0 < int(number) < 2**31 for number in ids)
    for path in tree.iter(f"{{{NS['a']}}}path"):
        width, height = int(path.get("w")), int(path.get("h"))
        assert width > 0
        assert height > 0
        assert path[0].tag == f"{{{NS['a']}}}moveTo"
        for point in path.iter(f"{{{NS['a']}}}pt"):
            assert 0 <= int(point.get("x")) <= width
            assert 0 <= int(point.get("y")) <= height
    for group in tree.xpath("//p:spTree//p:grpSp", namespaces=NS):
        frame = group.find("p:grpSpPr/a:xfrm", NS)
        offset, extent = frame.find("a:chOff", NS), frame.find("a:chExt", NS)
        assert int(extent.get("cx")) > 0
        assert int(extent.get("cy")) > 0
        box = [
            int(offset.get("x")),
            int(offset.get("y")),
            int(extent.get("cx")),
            int(extent.get("cy")),
        ]
        edges = []
        for child in group.xpath("./p:sp/p:spPr/a:xfrm", namespaces=NS):
            at, size = child.find("a:off", NS), child.find("a:ext", NS)
            left, top = int(at.get("x")), int(at.get("y"))
            edges.append((left, top, left + int(size.get("cx")), top + int(size.get("cy"))))
        assert box[:2] == [min(e[0] for e in edges), min(e[1] for e in edges)]
        assert [box[0] + box[2], box[1] + box[3]] == [
            max(e[2] for e in edges), max(e[3] for e in edges),
        ]  # fmt: skip


def _assert_chart(tree: Any, parts: dict[str, bytes], relations: dict[str, str]) -> None:
    """Names and values kept in the chart are those of its workbook, which runs nothing."""
    book = relations[tree.find("c:externalData", NS).get(f"{_R}id")]
    sheet = openpyxl.load_workbook(BytesIO(parts[book])).worksheets[0]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    orders = [s.get("val") for s in tree.xpath("//c:ser/c:idx", namespaces=NS)]
    assert len(orders) == len(set(orders))
    axes = tree.xpath("//c:plotArea/*[self::c:catAx or self::c:valAx]/c:axId/@val", namespaces=NS)
    assert all(int(axis) > 0 for axis in axes)
    for kind in tree.xpath("//c:plotArea/*[c:ser]", namespaces=NS):
        assert kind.xpath("c:axId/@val", namespaces=NS) == axes
    for cache in tree.xpath("//c:strRef | //c:numRef", namespaces=NS):
        first, _, last = (
            cache.findtext("c:f", namespaces=NS).partition("!")[2].replace("$", "").partition(":")
        )
        cells = [row[0] for row in sheet[f"{first}:{last or first}"]]
        count = int(cache.find("*/c:ptCount", NS).get("val"))
        assert count == len(cells)
        kept = {int(pt.get("idx")): pt.findtext("c:v", namespaces=NS)
                for pt in cache.iterfind("*/c:pt", NS)}  # fmt: skip
        for place, cell in enumerate(cells):
            if cell.value is None:
                assert place not in kept
            elif cache.tag.endswith("numRef"):
                # The workbook keeps 16 digits.
                assert isclose(float(kept[place]), float(cell.value), rel_tol=1e-14)
            else:
                assert kept[place] == str(cell.value)
