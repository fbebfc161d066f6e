"""All texts of an exported file of any kind, to be looked through."""

from __future__ import annotations

import re
import sqlite3
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
from pypdf import PdfReader


def texts_of(path: Path) -> str:
    """What somebody who opens the file can read, and what a search in it finds."""
    kind = path.suffix.lower()
    if kind == ".pdf":
        book = PdfReader(path)
        told = " ".join(str(value) for value in (book.metadata or {}).values())
        return told + "\n".join(page.extract_text() for page in book.pages)
    if kind in (".xlsx", ".pptx"):
        with zipfile.ZipFile(path) as parts:
            return "\n".join(
                # Words stand in nodes of their own: what is between tags, and names in attributes.
                re.sub(r"<[^>]*?(?:name|descr|title)=\"([^\"]*)\"[^>]*>|<[^>]+>", r" \1 ",
                       parts.read(name).decode("utf-8"))
                for name in parts.namelist() if name.endswith((".xml", ".rels"))
            )  # fmt: skip
    if kind == ".gpkg":
        with sqlite3.connect(path) as book:
            tables = [row[0] for row in book.execute("SELECT table_name FROM gpkg_contents")]
            return "\n".join(
                str(row)
                for name in ("gpkg_contents", "gpkg_metadata", "gpkg_data_columns", *tables)
                for row in book.execute(f"SELECT * FROM {name!r}")  # noqa: S608
            )
    if kind == ".parquet":
        return str(pq.read_table(path).to_pylist())
    if kind == ".png":
        return path.read_bytes().decode("latin-1")[:4_000]
    text = path.read_text(encoding="utf-8")
    # Fonts, pictures and outlines within a page are no words.
    return re.sub(r"base64,[A-Za-z0-9+/=]+|\b(?:d|points)=\"[^\"]*\"", "", text)
