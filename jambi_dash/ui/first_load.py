"""What the elements of a page need is asked for with the page itself.

Streamlit's page asks for the script of a slider, a map, a table only when one is to be drawn: by then
the server has answered, and forty files come one round after the other while nothing is painted.
Named in the page's head they come while Streamlit's own script starts.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

_ALWAYS = ("Html", "BidiComponent", "Button", "ButtonGroup")
_FILTERS = ("Selectbox", "Slider")
_OF_PAGE: dict[str, tuple[str, ...]] = {
    "ringkasan": ("PageLink",),
    "peta": (*_FILTERS, "ComponentInstance"),
    "kampung-bahagia": ("Slider", "DateInput", "ComponentInstance"),
    "simulasi": (
        *_FILTERS, "TextInput", "Checkbox", "Multiselect", "NumberInput", "ComponentInstance",
    ),
    "santunan": _FILTERS,
    "paparan": (*_FILTERS, "Checkbox"),
    "data": ("FileUploader", "DateInput", "Selectbox", "Multiselect", "Table", "PageLink"),
    "definisi": ("TextInput", "PageLink"),
}  # fmt: skip
"""Elements above the fold, as Streamlit's files are named; plotly's 4 MB come later (`ui/later`)."""
_FIRST = "ringkasan"
_IMPORTED = re.compile(r"""(?:\bfrom|\bimport)\s*["']\./([^"']+\.js)["']""")


def head_links(page: str) -> bytes:
    """Links for the head of the page at the address `page` (without slashes); empty for others.

    A name that this version of Streamlit does not have is left out: the page is only slower.
    """
    from streamlit import file_util

    return _links(page or _FIRST, Path(file_util.get_static_dir()))


@cache
def _links(page: str, static: Path) -> bytes:
    scripts = static / "static" / "js"
    written = (static / "index.html").read_text(encoding="utf-8")
    wanted: dict[str, None] = {}
    for name in (*_ALWAYS, *_OF_PAGE[page]) if page in _OF_PAGE else ():
        for file in sorted(scripts.glob(f"{name}.*.js")):
            _gather(file, wanted)
    return "".join(
        f'    <link rel="modulepreload" crossorigin href="./static/js/{name}">\n'
        for name in wanted
        if name not in written
    ).encode()


def _gather(file: Path, wanted: dict[str, None]) -> None:
    if file.name in wanted or not file.is_file():
        return
    wanted[file.name] = None
    for name in _IMPORTED.findall(file.read_text(encoding="utf-8")):
        _gather(file.with_name(name), wanted)
