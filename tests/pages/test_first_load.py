"""What comes before a page's first word: Streamlit's scripts packed, and named in the page's head."""

from __future__ import annotations

import asyncio
import gzip
import re
from pathlib import Path
from typing import Any

import pytest
from streamlit import file_util

from jambi_dash.ui import first_load
from jambi_dash.ui.packed_files import PackedFiles
from jambi_dash.ui.page_language import PageLanguage

SCRIPTS = Path(file_util.get_static_dir()) / "static" / "js"
PAGES = Path(__file__).parents[2] / "pages"
UNPACKS = [(b"accept-encoding", b"gzip, deflate, br")]
PAGE = '<!DOCTYPE html>\n<html lang="en">\n  <head>\n  </head>\n  <body></body>\n</html>'


async def _streamlit(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200,
                "headers": [(b"content-type", b"text/html")]})  # fmt: skip
    await send({"type": "http.response.body", "body": PAGE.encode()})


def _ask(layer: Any, path: str, headers: Any = (), method: str = "GET") -> tuple[Any, bytes]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "path": path, "headers": list(headers)}
    asyncio.run(layer(_streamlit)(scope, None, send))
    return dict(sent[0]["headers"]), b"".join(part.get("body", b"") for part in sent[1:])


def test_a_script_comes_packed_and_is_the_same() -> None:
    file = max(SCRIPTS.glob("*.js"), key=lambda file: file.stat().st_size)
    headers, body = _ask(PackedFiles, f"/static/js/{file.name}", UNPACKS)
    assert headers[b"content-encoding"] == b"gzip"
    assert headers[b"vary"] == b"accept-encoding"
    assert int(headers[b"content-length"]) == len(body) < file.stat().st_size / 2
    assert gzip.decompress(body) == file.read_bytes()


@pytest.mark.parametrize(
    ("path", "headers", "method"),
    [
        ("/static/js/{name}", [], "GET"),
        ("/static/js/{name}", [(b"accept-encoding", b"identity")], "GET"),
        ("/static/js/{name}", [*UNPACKS, (b"range", b"bytes=0-9")], "GET"),
        ("/static/js/{name}", UNPACKS, "HEAD"),
        ("/static/js/none.js", UNPACKS, "GET"),
        ("/static/js/../../index.html", UNPACKS, "GET"),
        ("/static/js/..%2f..%2findex.html", UNPACKS, "GET"),
        ("/app/static/js/{name}", UNPACKS, "GET"),
        ("/media/{name}", UNPACKS, "GET"),
    ],
)
def test_all_else_is_streamlits(path: str, headers: Any, method: str) -> None:
    name = next(SCRIPTS.glob("index.*.js")).name
    assert _ask(PackedFiles, path.format(name=name), headers, method)[1] == PAGE.encode()


def test_every_page_names_what_this_streamlit_has() -> None:
    addresses = {page.stem.replace("_", "-") for page in PAGES.glob("*/*.py")}
    assert set(first_load._OF_PAGE) == addresses
    for page, elements in first_load._OF_PAGE.items():
        named = re.findall(r'href="\./static/js/([^"]+)"', first_load.head_links(page).decode())
        assert len(named) == len(set(named))
        assert all((SCRIPTS / name).is_file() for name in named)
        starts = {name.partition(".")[0] for name in named}
        assert starts >= {*first_load._ALWAYS, *elements}
        assert "PlotlyChart" not in starts  # 4 MB: never before the page


def test_links_stand_in_the_head_of_a_page_and_of_no_other() -> None:
    assert _ask(PageLanguage, "/peta")[1].count(b"modulepreload") > 20
    first = _ask(PageLanguage, "/")[1]
    assert first == _ask(PageLanguage, "/ringkasan")[1]
    assert first.index(b"modulepreload") < first.index(b"</head>")
    assert b"modulepreload" not in _ask(PageLanguage, "/nowhere")[1]
