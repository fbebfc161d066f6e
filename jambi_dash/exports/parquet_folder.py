"""A release as a folder of plain Parquet files, one a table, for an engine of the office's own.

No name and no NIK is in a release; what stands for a person is replaced by a hash under a salt that
is thrown away, so that the files join with each other and with nothing else.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jambi_dash.domain.language import t
from jambi_dash.domain.refusal import Refusal
from jambi_dash.queries.coverage import meta_of
from jambi_dash.queries.plain_tables import batches_of, tables_of

if TYPE_CHECKING:
    from jambi_dash.queries.door import Door

PERSON = "person"
README = "BACA-DULU.md"


def write_parquet(door: Door, out: Path) -> dict[str, int]:
    """Writes every table into the new folder `out`; returns the rows of each.

    Raises:
        Refusal: the folder holds something already or cannot be written; or the door shows some
            areas only, while a table holds all.
    """
    if door.sight.public or door.sight.areas is not None:
        raise Refusal(t("Tabel utuh satu rilis hanya untuk yang boleh melihat seluruhnya."))
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise Refusal(t("Folder {name} sudah berisi; beri nama folder yang baru.", name=out.name))
    try:
        part = Path(tempfile.mkdtemp(dir=out.parent, prefix=f".{out.name}-"))
    except OSError:
        raise Refusal(
            t("Folder {folder} tidak ada atau tidak boleh ditulisi.", folder=out.parent)
        ) from None
    try:
        salt = secrets.token_bytes(32)
        counts: dict[str, int] = {}
        columns: dict[str, list[tuple[str, str]]] = {}
        for table in tables_of(door):
            counts[table], columns[table] = _write(door, table, part / f"{table}.parquet", salt)
        (part / README).write_text(_readme(meta_of(door), counts, columns), encoding="utf-8")
        if out.exists():
            out.rmdir()
        part.rename(out)
    except OSError as error:
        raise Refusal(
            t("Folder {name} tidak dapat ditulis ({error}).", name=out.name,
              error=error.strerror or "–")
        ) from None  # fmt: skip
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return counts


def _write(door: Door, table: str, path: Path, salt: bytes) -> tuple[int, list[tuple[str, str]]]:
    import pyarrow.parquet as pq

    reader: Any = batches_of(door, table)
    schema = _schema(reader.schema)
    count = 0
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for batch in reader:
            count += batch.num_rows
            writer.write_batch(_salted(batch, schema, salt))
    return count, [(field.name, str(field.type)) for field in schema]


def _schema(given: Any) -> Any:
    import pyarrow as pa

    return pa.schema([pa.field(f.name, pa.string() if f.name == PERSON else f.type) for f in given])


def _salted(batch: Any, schema: Any, salt: bytes) -> Any:
    import pyarrow as pa

    if PERSON not in schema.names:
        return batch.cast(schema)
    place = schema.get_field_index(PERSON)
    found = [
        hashlib.blake2b(str(person).encode(), key=salt, digest_size=16).hexdigest()
        for person in batch.column(place).to_pylist()
    ]
    arrays = list(batch.columns)
    arrays[place] = pa.array(found, pa.string())
    return pa.RecordBatch.from_arrays(arrays, schema=schema)


def _readme(
    meta: dict[str, str], counts: dict[str, int], columns: dict[str, list[tuple[str, str]]]
) -> str:
    """What the folder holds, for whoever opens it next."""
    lines = [
        "# " + t("Rilis {release} sebagai Parquet", release=meta["release"]),
        "",
        t("Salinan internal: memuat satu baris tiap orang, tanpa nama dan NIK; tidak untuk "
          "disebarkan. Kolom {person} adalah kode acak yang hanya berlaku di folder ini.",
          person=f"`{PERSON}`"),
        t("Data per {date}. Terlindungi pada bulan M = jumlah {change} di {table} sampai bulan M.",
          date=meta["as_of"], change="`change`", table="`cover_change.parquet`"),
        *([t("DATA CONTOH – bukan data sebenarnya")] if meta.get("synthetic") == "ya" else []),
    ]  # fmt: skip
    for table, fields in columns.items():
        lines += ["", f"## {table}.parquet", "", t("{n} baris", n=counts[table]), ""]
        lines += [f"- `{name}`: {kind}" for name, kind in fields]
    return "\n".join(lines) + "\n"
