"""Slides to put things on: an own 16:9 presentation, or the office's own one as template.

Colours of text and surroundings are those of the presentation's theme, so that they fit any
template, dark ones too; lengths are EMU (914.400 to the inch).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.dml import MSO_THEME_COLOR
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.shapes import PP_PLACEHOLDER as KIND
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls, qn
from pptx.util import Inches, Pt

from jambi_dash.domain.language import current_language, t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.exports.theme import Theme
from jambi_dash.exports.views import Origin
from jambi_dash.palette import Theme as Light
from jambi_dash.palette import colours, contrast, ink_on

INK = MSO_THEME_COLOR.TEXT_1
ACCENT = MSO_THEME_COLOR.ACCENT_1
PAPER = MSO_THEME_COLOR.BACKGROUND_1
QUIET = 0.35
"""Brightness that makes ink quiet; on a dark template ink is light and stays as it is."""
Colour = Any
"""A colour of the theme (`MSO_THEME_COLOR`) or a fixed one (`RGBColor`)."""

_WIDTH, _HEIGHT = Inches(13.333), Inches(7.5)
_MARGIN = Inches(0.5)
_TITLE_BOX = (Inches(0.5), Inches(0.32), Inches(12.333), Inches(0.68))
_FOOT_BOX = (Inches(0.5), Inches(7.03), Inches(11.5), Inches(0.3))
_NUMBER_BOX = (Inches(12.133), Inches(7.03), Inches(0.7), Inches(0.3))
_GAP = Inches(0.14)
_SMALLEST_HEADING = 16
_LARGE_TEXT = 3.0
"""The least contrast of large text (WCAG AA)."""
_EVERYWHERE = "Arial"
"""Instead of DejaVu Sans, which machines that show slides do not have."""
_KEPT_LAYOUTS = ("Title Slide", "Title and Content", "Title Only", "Blank")
_MASTER = "application/vnd.openxmlformats-officedocument.presentationml"
_MOST_UNPACKED = 400 * 2**20
_STILL = (1980, 1, 1, 0, 0, 0)
_NOT_CONTENT = frozenset({KIND.TITLE, KIND.CENTER_TITLE, KIND.DATE, KIND.FOOTER, KIND.SLIDE_NUMBER})
_VIEW = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    f'<p:viewPr {nsdecls("p", "a", "r")}><p:gridSpacing cx="76200" cy="76200"/></p:viewPr>'
)
_SECTIONS = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"


@dataclass(frozen=True)
class Box:
    """A rectangle of a slide."""

    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        """Its right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> int:
        """Its lower edge."""
        return self.top + self.height

    def columns(self, *shares: float, gap: int = Inches(0.3)) -> list[Box]:
        """Boxes beside each other, as wide as their shares."""
        room = self.width - gap * (len(shares) - 1)
        boxes, left = [], self.left
        for share in shares:
            width = int(room * share / sum(shares))
            boxes.append(Box(left, self.top, width, self.height))
            left += width + gap
        return boxes

    def rows(self, *shares: float, gap: int = Inches(0.2)) -> list[Box]:
        """Boxes one below the other, as high as their shares."""
        room = self.height - gap * (len(shares) - 1)
        boxes, top = [], self.top
        for share in shares:
            height = int(room * share / sum(shares))
            boxes.append(Box(self.left, top, self.width, height))
            top += height + gap
        return boxes

    def inset(self, by: int) -> Box:
        """Smaller by so much on every side."""
        return Box(self.left + by, self.top + by, self.width - 2 * by, self.height - 2 * by)


@dataclass(frozen=True)
class Words:
    """A paragraph of one look; `before` are points of air above it."""

    text: str
    points: float = 14
    bold: bool = False
    colour: Colour = INK
    brightness: float = 0.0
    align: PP_ALIGN | None = None
    before: float = 0.0


@dataclass(frozen=True)
class Look:
    """What a presentation's own theme asks of everything that is put on it.

    `accent` is its first colour and `ground` that behind everything, `#rrggbb`; `scale` is what
    points are multiplied by where slides are narrower than 16:9.
    """

    accent: str
    ground: str
    scale: float

    @property
    def dark(self) -> bool:
        """Whether text is light on a dark ground."""
        return ink_on(self.ground) == colours.LIGHT_INK

    @property
    def theme(self) -> Light:
        """The palette's theme that stands out from the ground."""
        return "dark" if self.dark else "light"

    @property
    def inks(self) -> colours.SlideInks:
        """The colours of curves and bars."""
        return colours.SLIDE_INKS[self.theme]

    @property
    def figure(self) -> Colour:
        """The colour of a large figure: the accent, if it stands out from the ground."""
        return ACCENT if contrast(self.accent, self.ground) >= _LARGE_TEXT else INK

    @property
    def on_accent(self) -> RGBColor:
        """Near black or white, whichever stands out more on the accent."""
        return RGBColor.from_string(ink_on(self.accent)[1:].upper())

    @property
    def alarm(self) -> RGBColor:
        """The colour of the mark of invented data."""
        return RGBColor.from_string(colours.SURROUNDINGS[self.theme].bad[1:].upper())

    @property
    def panel(self) -> float:
        """The brightness of a card beside the ground."""
        return 0.12 if self.dark else -0.05


class Deck:
    """A presentation that slides are added to; `to_bytes` ends it."""

    def __init__(self, theme: Theme, origin: Origin, template: bytes | None = None) -> None:
        """Opens the template or makes an own presentation.

        Raises:
            Refusal: the template is no presentation.
        """
        self.theme = theme
        self.origin = origin
        self.own = template is None
        self._file = _own_file(theme) if template is None else _emptied(template)
        self._layout = _layout_of(self._file)
        self.width = int(self._file.slide_width)
        self.height = int(self._file.slide_height)
        accent, ground = _colours_of(self._file.slide_master)
        self.look = Look(accent, ground, min(1.0, self.width / _WIDTH))
        self.scale = self.look.scale

    def __len__(self) -> int:
        return len(self._file.slides)

    def add(self, title: str, subtitle: str, notes: Sequence[str]) -> tuple[Any, Box]:
        """A slide with title, subtitle, foot and notes, and the room that is left on it.

        `notes` are paragraphs; where the numbers are from is added to them.
        """
        slide = self._file.slides.add_slide(self._layout)
        for shape in list(slide.placeholders):
            if shape.placeholder_format.type not in (KIND.TITLE, KIND.CENTER_TITLE):
                shape._element.getparent().remove(shape._element)
        margin = int(_MARGIN * self.scale)
        head = self._write_title(slide, title, margin)
        logo = self._add_logo(slide) if self.own and self.theme.logo else None
        top, gap = head.bottom, int(_GAP * self.scale)
        if subtitle:
            right = logo or self.width - margin
            room = Box(head.left, top, right - head.left, int(Inches(0.38) * self.scale))
            add_text(slide, room, [Words(subtitle, 15, brightness=QUIET)], t("Subjudul"),
                     scale=self.scale, wrap=True)  # fmt: skip
            top = room.bottom
        foot = self._write_foot(slide, margin)
        lines = [*notes, self.origin.line(), *filter(None, [self.origin.mark()])]
        slide.notes_slide.notes_text_frame.text = clean("\n".join(lines))
        return slide, Box(margin, top + gap, self.width - 2 * margin, foot - top - 2 * gap)

    def _write_title(self, slide: Any, title: str, margin: int) -> Box:
        shape = slide.shapes.title
        if shape is None:
            box = Box(margin, int(self.height * 0.05), self.width - 2 * margin,
                      int(self.height * 0.1))  # fmt: skip
            add_text(slide, box, [Words(title, 28, bold=True)], t("Judul"), scale=self.scale,
                     anchor=MSO_ANCHOR.MIDDLE, wrap=True)  # fmt: skip
            return box
        shape.text_frame.text = clean(title)
        box = Box(int(shape.left), int(shape.top), int(shape.width), int(shape.height))
        usual = 28.0 if self.own else _title_points(self._layout)
        size = fitting_points(title, box, usual, most_lines=1 if self.own else 2)
        if self.own or size < usual:
            shape.text_frame.paragraphs[0].runs[0].font.size = Pt(size)
        return box

    def _add_logo(self, slide: Any) -> int:
        name = t("Logo {name}", name=self.theme.organisation)
        picture = slide.shapes.add_picture(str(self.theme.logo), 0, 0, height=Inches(0.7))
        picture.left, picture.top = self.width - _MARGIN - picture.width, Inches(0.3)
        picture.name = name
        describe(picture, name)
        return int(picture.left) - int(_GAP)

    def _write_foot(self, slide: Any, margin: int) -> int:
        """Origin and slide number, where the layout has them; returns where the foot begins."""
        low = {
            p.placeholder_format.type: p
            for p in self._layout.placeholders
            if p.placeholder_format.type in (KIND.FOOTER, KIND.SLIDE_NUMBER)
            and p.top is not None and p.top > self.height * 0.8
        }  # fmt: skip
        top = min((int(p.top) for p in low.values()), default=self.height - Inches(0.45))
        height = max((int(p.height) for p in low.values()), default=Inches(0.3))
        number = Box(self.width - margin - Inches(0.6), top, Inches(0.6), height)
        if KIND.SLIDE_NUMBER in low:
            place = low[KIND.SLIDE_NUMBER]
            number = Box(int(place.left), int(place.top), int(place.width), int(place.height))
        at_left = number.left + number.width / 2 < self.width / 2
        left = number.right if at_left else margin
        right = self.width - margin if at_left else number.left
        shape = _placed(slide, low.get(KIND.FOOTER), Box(left, top, right - left, height))
        parts = [self.theme.organisation] if self.own and self.theme.organisation else []
        marks = [Words(self.origin.mark() + "  ", 10, bold=True, colour=self.look.alarm)]
        _one_line(
            shape,
            [*(marks if self.origin.synthetic else []),
             Words(" · ".join([*parts, self.origin.line()]), 10, brightness=QUIET)],
            scale=self.scale,
        )  # fmt: skip
        _number(_placed(slide, low.get(KIND.SLIDE_NUMBER), number), len(self), self.scale)
        return top

    def to_bytes(self, *, title: str, subject: str, of: date) -> bytes:
        """The file; the same content gives the same bytes. `of` is the date of the data."""
        core = self._file.core_properties
        day = datetime.combine(of, time())
        core.title, core.subject = title, subject
        core.author = core.last_modified_by = self.theme.organisation
        core.created = core.modified = core.last_printed = day
        core.keywords = core.comments = core.category = ""
        core.revision = 1
        core.language = current_language()
        _tell_notes_master(self._file)
        file = BytesIO()
        self._file.save(file)
        return _still(file)


def add_rectangle(slide: Any, box: Box, tint: Colour, name: str, *, brightness: float = 0.0) -> Any:
    """A plain filled rectangle, without line and shadow."""
    shape = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, box.left, box.top, box.width, box.height)
    shape.name = clean(name)
    shape._element.remove(shape._element.find(qn("p:style")))
    shape.fill.solid()
    colour(shape.fill, tint, brightness)
    shape.line.fill.background()
    return shape


def text_width(text: str, points: float, bold: bool = False) -> float:
    """Points that a text takes in Arial or a font like it, rather too many than too few."""
    units = sum(
        0.3 if c in "iljtfrI.,:;' |-()" else 0.86 if c in "mwMW%" else 0.7 if c.isupper() else 0.57
        for c in text
    )
    return units * points * (1.06 if bold else 1.0)


def fitting_points(text: str, box: Box, usual: float, *, most_lines: int) -> float:
    """The largest size up to `usual` with which a heading stays inside its box."""
    width, height = box.width / Pt(1) * 0.97, box.height / Pt(1)
    size = usual
    while size > _SMALLEST_HEADING:
        lines = -(-text_width(text, size, bold=True) // width)
        if lines <= most_lines and lines * size * 1.2 <= height:
            break
        size -= 1
    return size


def clean(text: str) -> str:
    """A text without characters that XML does not know."""
    return re.sub(r"[\x00-\x08\x0b-\x1f]", " ", text)


def describe(shape: Any, text: str) -> None:
    """The alternative text of a shape, for people who do not see it."""
    shape._element.xpath("./*/p:cNvPr")[0].set("descr", clean(text))


def colour(font_or_fill: Any, value: Colour, brightness: float = 0.0) -> None:
    """Sets a colour of the theme or a fixed one."""
    target = font_or_fill.color if hasattr(font_or_fill, "color") else font_or_fill.fore_color
    if isinstance(value, RGBColor):
        target.rgb = value
    else:
        target.theme_color = value
        if brightness:
            target.brightness = brightness


def add_text(
    slide: Any, box: Box, words: Sequence[Words], name: str, *,
    anchor: MSO_ANCHOR = MSO_ANCHOR.TOP, scale: float = 1.0, wrap: bool = True,
) -> Any:  # fmt: skip
    """A text box with a paragraph for each of `words`; without margins, so that it aligns."""
    shape = slide.shapes.add_textbox(box.left, box.top, box.width, box.height)
    shape.name = clean(name)
    write(shape.text_frame, words, anchor=anchor, scale=scale, wrap=wrap)
    return shape


def write(
    frame: Any, words: Sequence[Words], *, anchor: MSO_ANCHOR = MSO_ANCHOR.TOP, scale: float = 1.0,
    wrap: bool = True, margin: int = 0,
) -> None:  # fmt: skip
    """Paragraphs into a text frame."""
    frame.word_wrap = wrap
    frame.vertical_anchor = anchor
    frame.margin_left = frame.margin_right = frame.margin_top = frame.margin_bottom = margin
    for place, part in enumerate(words):
        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        paragraph.alignment = part.align or PP_ALIGN.LEFT
        if part.before:
            paragraph.space_before = Pt(part.before * scale)
        if part.text:
            _run(paragraph, part, scale)


def _run(paragraph: Any, part: Words, scale: float) -> None:
    run = paragraph.add_run()
    run.text = clean(part.text)
    run.font.size = Pt(round(part.points * scale * 2) / 2)
    run.font.bold = part.bold
    colour(run.font, part.colour, part.brightness)


def _one_line(shape: Any, parts: Sequence[Words], *, scale: float) -> None:
    frame = shape.text_frame
    frame.word_wrap = True
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.margin_left = frame.margin_right = 0
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    for part in parts:
        _run(paragraph, part, scale)


def _placed(slide: Any, pattern: Any | None, box: Box) -> Any:
    """The placeholder of the layout on the slide, or a text box, empty, at a place of its own."""
    if pattern is None:
        shape = slide.shapes.add_textbox(box.left, box.top, box.width, box.height)
    else:
        element = deepcopy(pattern._element)
        body = element.find(qn("p:txBody"))
        for paragraph in body.findall(qn("a:p")):
            body.remove(paragraph)
        body.append(etree.SubElement(body, qn("a:p")))
        element.nvSpPr.cNvPr.set("id", str(_next_id(slide)))
        slide.shapes._spTree.append(element)
        shape = slide.shapes[-1]
        shape.left, shape.top, shape.width, shape.height = box.left, box.top, box.width, box.height
    return shape


def _next_id(slide: Any) -> int:
    return max((int(found) for found in slide.shapes._spTree.xpath("//p:cNvPr/@id")), default=1) + 1


def _number(shape: Any, number: int, scale: float) -> None:
    """The slide's number as a field, which counts on when slides are moved."""
    frame = shape.text_frame
    frame.vertical_anchor = MSO_ANCHOR.MIDDLE
    frame.margin_right = 0
    paragraph = frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT
    size = round(10 * scale) * 100
    paragraph._p.append(
        parse_xml(
            f'<a:fld {nsdecls("a")} id="{{C1FF6DA9-008F-8B48-92A6-B652298478BF}}" type="slidenum">'
            f'<a:rPr lang="id-ID" sz="{size}"/><a:t>{number}</a:t></a:fld>'
        )
    )
    shape.name = t("Nomor slide")


# --- the own presentation -----------------------------------------------------------------------


def _own_file(theme: Theme) -> Any:
    """A 16:9 presentation in the colours and the font of the theme."""
    file = Presentation()
    old = int(file.slide_width)
    file.slide_width, file.slide_height = _WIDTH, _HEIGHT
    size = file.part._element.find(qn("p:sldSz"))
    if "type" in size.attrib:
        del size.attrib["type"]  # it says 4:3
    master = file.slide_master
    for layout in list(file.slide_layouts):
        if layout.name not in _KEPT_LAYOUTS:
            file.slide_layouts.remove(layout)
    for owner in (master, *file.slide_layouts):
        for place in owner._element.iter(qn("a:off"), qn("a:ext")):
            for key in ("x", "cx"):
                if key in place.attrib:
                    place.set(key, str(int(int(place.get(key)) * _WIDTH / old)))
    boxes = {
        KIND.TITLE: _TITLE_BOX, KIND.FOOTER: _FOOT_BOX, KIND.SLIDE_NUMBER: _NUMBER_BOX,
        KIND.BODY: (_MARGIN, Inches(1.5), _WIDTH - 2 * _MARGIN, Inches(5.3)),
    }  # fmt: skip
    for shape in list(master.placeholders):
        kind = shape.placeholder_format.type
        if kind in boxes:
            shape.left, shape.top, shape.width, shape.height = boxes[kind]
        elif kind == KIND.DATE:
            shape.left, shape.top = Inches(10.5), Inches(6.7)
        if kind == KIND.TITLE:
            shape.text_frame.margin_left = shape.text_frame.margin_right = 0
    style = master._element.find(f".//{qn('p:titleStyle')}/{qn('a:lvl1pPr')}")
    style.set("algn", "l")
    style.find(qn("a:defRPr")).attrib.update({"sz": "2800", "b": "1"})
    bar = master.shapes._spTree
    bar.insert(2, _bar())
    _recolour(master, theme)
    _drop_views(file)
    return file


def _bar() -> Any:
    """The line of colour at the upper edge, below everything else of the master."""
    return parse_xml(
        f'<p:sp {nsdecls("p", "a")}><p:nvSpPr><p:cNvPr id="90" name="Bar"/><p:cNvSpPr/><p:nvPr/>'
        f'</p:nvSpPr><p:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{_WIDTH}" cy="{Inches(0.14)}"/>'
        '</a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:solidFill>'
        '<a:schemeClr val="accent1"/></a:solidFill><a:ln><a:noFill/></a:ln></p:spPr>'
        "<p:txBody><a:bodyPr/><a:lstStyle/><a:p><a:endParaRPr/></a:p></p:txBody></p:sp>"
    )


def _recolour(master: Any, theme: Theme) -> None:
    """Colours and fonts of the own theme, so that what a presenter adds looks alike."""
    part = master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    root = etree.fromstring(part.blob)
    around = colours.SURROUNDINGS["light"]
    named = {
        "dk1": around.ink, "lt1": around.panel, "dk2": around.outline, "lt2": around.surface,
        "accent1": theme.accent, "hlink": theme.accent, "folHlink": around.muted,
        **{f"accent{n}": colours.CATEGORIES["light"][n - 1] for n in range(2, 7)},
    }  # fmt: skip
    scheme = root.find(f".//{qn('a:clrScheme')}")
    for name, value in named.items():
        entry = scheme.find(qn(f"a:{name}"))
        for old in list(entry):
            entry.remove(old)
        etree.SubElement(entry, qn("a:srgbClr"), val=value[1:])
    font = _EVERYWHERE if theme.font == "DejaVu Sans" else theme.font
    for latin in root.iter(qn("a:latin")):
        if latin.get("typeface") == "Calibri":
            latin.set("typeface", font)
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


# --- the office's own presentation --------------------------------------------------------------


def _emptied(template: bytes) -> Any:
    """The template without its slides and without anything that led to them."""
    file = _opened(template)
    element, part = file.part._element, file.part
    ids = element.find(qn("p:sldIdLst"))
    for entry in list(ids if ids is not None else ()):
        part.drop_rel(entry.get(qn("r:id")))
        ids.remove(entry)
    shows = element.find(qn("p:custShowLst"))
    if shows is not None:
        element.remove(shows)
    for extension in element.findall(f"{qn('p:extLst')}/{qn('p:ext')}"):
        if extension.get("uri") == _SECTIONS:  # sections name slides
            extension.getparent().remove(extension)
    empty = element.find(qn("p:extLst"))
    if empty is not None and len(empty) == 0:
        element.remove(empty)
    _drop_views(file)
    return file


def _opened(template: bytes) -> Any:
    wrong = Refusal(
        t("Templat itu bukan presentasi yang dapat dibuka; simpan sebagai .pptx atau .potx tanpa "
          "kata sandi dan tanpa makro.")
    )  # fmt: skip
    try:
        with zipfile.ZipFile(BytesIO(template)) as archive:
            if sum(info.file_size for info in archive.infolist()) > _MOST_UNPACKED:
                raise wrong
            types = archive.read("[Content_Types].xml").decode("utf-8")
            if "macroEnabled" in types:
                raise wrong
            if f"{_MASTER}.template.main+xml" in types:
                template = _as_presentation(archive, types)
        file = Presentation(BytesIO(template))
        if not len(file.slide_masters) or not len(file.slide_layouts):
            raise wrong
    except Refusal:
        raise
    except Exception:  # whatever a foreign file breaks inside the reader
        raise wrong from None
    return file


def _as_presentation(archive: zipfile.ZipFile, types: str) -> bytes:
    """A .potx as a .pptx: they differ in one word."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as copy:
        for info in archive.infolist():
            content = archive.read(info)
            if info.filename == "[Content_Types].xml":
                content = types.replace(".template.main+xml", ".presentation.main+xml").encode()
            copy.writestr(info.filename, content)
    return file.getvalue()


def _layout_of(file: Any) -> Any:
    """The layout to use: title only, else title and content, else the emptiest."""

    def rank(layout: Any) -> tuple[int, int]:
        kinds = [p.placeholder_format.type for p in layout.placeholders]
        title = next(
            (p for p in layout.placeholders if p.placeholder_format.type == KIND.TITLE), None
        )
        content = sum(kind not in _NOT_CONTENT for kind in kinds)
        # A title far down belongs to a cover or a chapter, not above a map.
        high = (
            title is not None and (title.top or 0) + (title.height or 0) < file.slide_height * 0.3
        )
        return (0 if high else 1, content)

    return min(file.slide_layouts, key=rank)


def _title_points(layout: Any) -> float:
    """The size of titles that the layout or its master asks for."""
    master = layout.slide_master
    for owner in (layout, master):
        for shape in owner.placeholders:
            if shape.placeholder_format.type in (KIND.TITLE, KIND.CENTER_TITLE):
                found = shape._element.xpath(".//a:lstStyle/a:lvl1pPr/a:defRPr/@sz")
                if found:
                    return int(found[0]) / 100
    found = master._element.xpath(".//p:titleStyle/a:lvl1pPr/a:defRPr/@sz")
    return int(found[0]) / 100 if found else 44.0


def _colours_of(master: Any) -> tuple[str, str]:
    """First accent and ground of a master as `#rrggbb`."""
    theme = etree.fromstring(master.part.part_related_by(RELATIONSHIP_TYPE.THEME).blob)
    scheme = theme.find(f".//{qn('a:clrScheme')}")
    names = master._element.find(qn("p:clrMap"))

    def value(name: str) -> str:
        entry = scheme.find(qn(f"a:{names.get(name, name)}"))
        found = entry[0].get("lastClr") or entry[0].get("val") if entry is not None else None
        return (
            f"#{found.lower()}"
            if found and re.fullmatch(r"[0-9A-Fa-f]{6}", found)
            else colours.PAPER
        )

    return value("accent1"), value("bg1")


def _drop_views(file: Any) -> None:
    """Forgets how the window stood, the thumbnail and the titles of slides that were.

    PowerPoint asks to repair a file without view properties, so there are some, of nothing.
    """
    gone = (RELATIONSHIP_TYPE.VIEW_PROPS, RELATIONSHIP_TYPE.PRINTER_SETTINGS)
    for rel in list(file.part.rels.values()):
        if rel.reltype in gone:
            file.part.rels.pop(rel.rId)
    view = Part(PackURI("/ppt/viewProps.xml"), CONTENT_TYPE.PML_VIEW_PROPS, file.part.package,
                _VIEW.encode())  # fmt: skip
    file.part.relate_to(view, RELATIONSHIP_TYPE.VIEW_PROPS)
    package = file.part.package
    for rel in list(package._rels.values()):
        if rel.reltype in (RELATIONSHIP_TYPE.THUMBNAIL, RELATIONSHIP_TYPE.EXTENDED_PROPERTIES):
            package._rels.pop(rel.rId)


def _tell_notes_master(file: Any) -> None:
    """Names the notes master in the presentation, which python-pptx leaves out."""
    element = file.part._element
    for rel in file.part.rels.values():
        if rel.reltype == RELATIONSHIP_TYPE.NOTES_MASTER:
            if element.find(qn("p:notesMasterIdLst")) is None:
                listed = parse_xml(
                    f'<p:notesMasterIdLst {nsdecls("p", "r")}><p:notesMasterId r:id="{rel.rId}"/>'
                    "</p:notesMasterIdLst>"
                )
                element.find(qn("p:sldMasterIdLst")).addnext(listed)
            return


def _still(file: BytesIO) -> bytes:
    """The same archive without the time of its making."""
    still = BytesIO()
    with zipfile.ZipFile(file) as made, zipfile.ZipFile(still, "w", zipfile.ZIP_DEFLATED) as copy:
        for info in made.infolist():
            entry = zipfile.ZipInfo(info.filename, _STILL)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            copy.writestr(entry, made.read(info))
    return still.getvalue()
