"""Data & Mutu without a browser: from uploaded files to a release, and every way back."""

from __future__ import annotations

import errno
import gc
import json
import re
import shutil
from pathlib import Path

import pytest
from data_page import drawn, figures, labels, open_page, press, send

from jambi_dash.domain import language
from jambi_dash.geography import boundaries
from jambi_dash.releases.store import Store

ROSTER = (
    "DAFTAR PEKERJA RENTAN,,,,,\nKeadaan per 30 September 2025,,,,,\n"
    "NIK,Nama Lengkap,Kelurahan,RT,Mulai,Catatan Petugas\n"
    "1571044610934096,Budi Hartono Siregar,Beringin,001,2024-06,\n"
    "1571035001762088,Siti Aminah Lubis,Kebon Handil,002,2024-06,\n"
    "15710,Eka Putra Nasution,Beringin,001,2024-06,\n"
    "1571030604899662,Ana Lestari Hutabarat,Entah Di Mana,,2024-06,\n"
)
RTS = "Kelurahan,RT,Perkiraan Pekerja Rentan\nBeringin,001,8\nKebun Handil,002,12\n"
PERSONAL = re.compile(
    r"\d{16}|Hartono|Siregar|Aminah|Lubis|Nasution|Lestari|Hutabarat|Entah Di Mana"
)


def left_behind(home: Path) -> list[str]:
    return [str(path) for path in (home / "building").rglob("*")]


def test_an_empty_store_says_what_to_send(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = open_page(monkeypatch, tmp_path / "home")
    assert "Belum ada data. Masukkan daftar" in app.markdown[1].value
    assert "Isi dengan kota contoh" in labels(app)
    assert next(b for b in app.button if b.label == "Periksa").disabled


def test_the_sample_city_can_be_emptied(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, demo_home: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(demo_home, home)
    app = open_page(monkeypatch, home)
    assert any("tabel yang tidak dikirim tetap berisi contoh" in one.value for one in app.info)
    press(app, "Kosongkan kota contoh")
    press(app, "Ya, kosongkan")
    assert Store(home).current_id() is None
    assert "Belum ada data. Masukkan daftar" in app.markdown[1].value
    assert "Kosongkan kota contoh" not in labels(app)


def test_checking_shows_every_fate_and_publishes_nothing(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    app = send(open_page(monkeypatch, home), {"peserta.csv": ROSTER, "rt.csv": RTS})
    shown = figures(app)
    assert shown["Baris dibaca"] == "6"
    assert shown["Diterima"] == "5"
    assert shown["Ditolak"] == "1"
    assert shown["Catatan"] == "2"
    assert shown["Cakupan kota"] == "15,0%"
    assert Store(home).current_id() is None
    findings = app.table[-1].value
    assert list(findings["Baris"]) == [1, 1, 1]
    assert "NIK tidak 16 angka" in findings["Yang ditemukan"].iloc[0]
    assert "baris 6 · ••••• · E\\.P\\.N\\. · RT 001 Beringin" in findings.iloc[0, -1]
    assert any("“Kebon Handil” → RT 002 Kebun Handil" in text for text in findings.iloc[:, -1])


def test_nobody_can_be_read_from_the_screen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = send(open_page(monkeypatch, tmp_path / "home"), {"peserta.csv": ROSTER, "rt.csv": RTS})
    assert "RT 001 Beringin" in drawn(app)
    assert not PERSONAL.search(drawn(app))
    press(app, "Terbitkan")
    assert not PERSONAL.search(drawn(app))


def test_publishing_leaves_a_release_and_nothing_else(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    app = send(open_page(monkeypatch, home), {"peserta.csv": ROSTER, "rt.csv": RTS})
    assert left_behind(home)
    press(app, "Terbitkan")
    record = Store(home).require_current()
    assert record.counts == {"rt": 2, "enrolment": 3, "kampung_event": 0, "claim": 0}
    assert record.release in app.success[0].value
    assert left_behind(home) == []
    press(app, "Masukkan berkas lain")
    assert "Periksa" in labels(app)


def test_walking_away_leaves_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = tmp_path / "home"
    app = send(open_page(monkeypatch, home), {"peserta.csv": ROSTER})
    press(app, "Batal dan buang")
    assert left_behind(home) == []
    assert Store(home).current_id() is None
    assert not app.metric


def test_a_session_that_ends_takes_its_rows_along(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    app = send(open_page(monkeypatch, home), {"peserta.csv": ROSTER})
    assert left_behind(home)
    del app
    gc.collect()
    assert left_behind(home) == []


def test_rows_swept_away_by_the_store_are_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    import shutil

    home = tmp_path / "home"
    app = send(open_page(monkeypatch, home), {"peserta.csv": ROSTER})
    shutil.rmtree(home / "building")
    app.run()
    assert not app.exception
    assert "kedaluwarsa" in app.error[0].value


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("kosong.xlsx", b"", "kosong"),
        ("gambar.xlsx", b"\x89PNG\r\n", "bukan buku kerja"),
        ("surat.csv", b"Kepada Yth.\nLurah\n", "tidak memuat baris judul"),
        ("![x](y).csv", b"", "\\!\\[x\\]\\(y\\)"),
    ],
)
def test_a_refusal_is_a_sentence_and_changes_nothing(
    name: str, content: bytes, sentence: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    app = send(open_page(monkeypatch, home), {name: content})
    assert sentence in app.error[0].value
    assert Store(home).current_id() is None
    press(app, "Buang berkas ini")
    assert left_behind(home) == []
    assert not app.error


def test_a_bad_file_can_be_left_out(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = send(open_page(monkeypatch, tmp_path / "home"), {"rusak.xlsx": b"PK", "rt.csv": RTS})
    assert "rusak" in app.error[0].value
    app.multiselect[0].set_value(app.multiselect[0].value[1:]).run()
    press(app, "Periksa ulang")
    assert figures(app)["Baris dibaca"] == "2"


def test_a_name_that_is_longer_than_a_disk_takes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    app = send(open_page(monkeypatch, tmp_path / "home"), {"名" * 120 + ".csv": RTS})
    assert figures(app)["Baris dibaca"] == "2"


def test_a_disk_that_is_full_is_a_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = tmp_path / "home"

    def full(_path: Path, _content: object) -> int:
        raise OSError(errno.ENOSPC, "disk penuh")

    with monkeypatch.context() as patch:
        app = open_page(monkeypatch, home)
        patch.setattr(Path, "write_bytes", full)
        app = send(app, {"rt.csv": RTS})
        assert "periksa ruang disk" in app.error[0].value
        app = open_page(monkeypatch, home, bagian="Batas resmi")
        app.file_uploader[0].set_value(("a.geojson", b"{}", "")).run()
        press(app, "Periksa dan pasang")
        assert "periksa ruang disk" in app.error[0].value
    assert left_behind(home) == []


def test_headers_that_nobody_knows_are_settled_on_the_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    strange = RTS.replace("Kelurahan,RT", "Wilayah,Nomor Lingkungan").replace(
        "Perkiraan Pekerja Rentan", "KK,Perkiraan Pekerja Rentan"
    )
    strange = strange.replace("001,", "001,30,").replace("002,", "002,40,")
    app = send(open_page(monkeypatch, tmp_path / "home"), {"rt.csv": strange})
    assert "kelurahan, rt" in app.error[0].value.replace("\\", "")
    app.selectbox(key="mapping rt wilayah").set_value("kelurahan")
    app.selectbox(key="mapping rt nomorlingkungan").set_value("rt").run()
    press(app, "Periksa ulang")
    assert figures(app)["Diterima"] == "2"


def test_a_column_left_aside_can_be_given_a_meaning(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    roster = ROSTER.replace("2025-06,\n", "2025-06,petani\n")
    app = send(open_page(monkeypatch, tmp_path / "home"), {"peserta.csv": roster})
    app.selectbox(key="mapping peserta catatanpetugas").set_value("pekerjaan").run()
    press(app, "Periksa ulang dengan kolom ini")
    assert "Catatan Petugas → **pekerjaan**" in " ".join(m.value for m in app.markdown)


def test_the_date_in_a_title_is_offered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = send(open_page(monkeypatch, tmp_path / "home"), {"peserta.csv": ROSTER})
    press(app, "Pakai 30 September 2025 dan periksa ulang")
    assert any("September 2025" in label for label in figures(app))
    assert not any(label.startswith("Pakai") for label in labels(app))


def test_a_table_that_shrinks_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    app = send(open_page(monkeypatch, tmp_path / "home"), {"peserta.csv": ROSTER, "rt.csv": RTS})
    press(app, "Terbitkan")
    press(app, "Masukkan berkas lain")
    send(app, {"rt.csv": RTS.replace("Kebun Handil,002,12\n", "")})
    assert "Daftar RT 2 → 1" in app.warning[0].value


def test_an_import_that_lands_meanwhile_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    first = send(open_page(monkeypatch, home), {"rt.csv": RTS})
    second = send(open_page(monkeypatch, home), {"rt.csv": RTS})
    press(first, "Terbitkan")
    held = Store(home).current_id()
    press(second, "Terbitkan")
    assert "Rilis lain terbit" in second.error[0].value
    assert Store(home).current_id() == held
    press(second, "Periksa ulang")
    press(second, "Terbitkan")
    assert Store(home).current_id() != held


def test_an_older_release_is_made_current_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    app = send(open_page(monkeypatch, home), {"rt.csv": RTS})
    press(app, "Terbitkan")
    older = Store(home).current_id()
    press(app, "Masukkan berkas lain")
    press(send(app, {"rt.csv": RTS}), "Terbitkan")
    assert Store(home).current_id() != older
    app = open_page(monkeypatch, home, bagian="Riwayat rilis")
    press(app, "Berlakukan lagi")
    press(app, "Ya, berlakukan")
    assert Store(home).current_id() == older


def test_a_check_that_takes_too_long_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from jambi_dash.ui import intake_desk

    home = tmp_path / "home"
    monkeypatch.setattr(intake_desk, "MAX_SECONDS", -1.0)
    app = send(open_page(monkeypatch, home), {"rt.csv": RTS})
    assert "Pemeriksaan melewati" in app.error[0].value
    assert Store(home).current_id() is None
    # What was sent lies there for another try; the workbench of the check is gone.
    (left,) = (build for build in (home / "building").iterdir() if build.is_dir())
    assert [path.name for path in left.rglob("*.csv")] == ["rt.csv"]
    assert not list(left.rglob("*.duckdb"))


def test_a_damaged_release_offers_the_earlier_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    app = open_page(monkeypatch, home)
    for _ in range(2):
        press(send(app, {"rt.csv": RTS}), "Terbitkan")
        press(app, "Masukkan berkas lain")
    store = Store(home)
    older, newer = store.history()
    with store.path_of(newer.release).open("r+b") as file:
        file.write(b"damaged!")
    # What a process has verified it does not verify again: a fresh one would.
    from jambi_dash.ui import data

    data._verified.clear()
    app = open_page(monkeypatch, home, bagian="Riwayat rilis")
    assert "rusak" in app.error[0].value
    press(app, f"Berlakukan {older.release}")
    press(app, "Ya, berlakukan")
    assert store.current_id() == older.release
    assert not app.error


def test_what_each_kelurahan_has_to_mend(monkeypatch: pytest.MonkeyPatch, demo_home: Path) -> None:
    app = open_page(monkeypatch, demo_home, bagian="Perbaikan per kelurahan")
    table = app.dataframe[0].value
    totals = list(table["total"])
    assert totals == sorted(totals, reverse=True)
    rules = [name for name in table if name not in {"kelurahan", "kecamatan", "total"}]
    assert (table[rules].fillna(0).sum(axis=1) == table["total"]).all()
    assert int(app.table[0].value["Baris"].sum()) == totals[0]
    app.selectbox(key="perbaikan_kecamatan").set_value("15.71.08").run()
    assert set(app.dataframe[0].value["kecamatan"]) == {"Jelutung"}


def test_boundaries_are_installed_and_taken_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shared: Path
) -> None:
    home = tmp_path / "home"
    app = open_page(monkeypatch, home, bagian="Batas resmi")
    assert "kartogram skematik" in app.info[0].value
    upload = app.file_uploader[0]
    upload.set_value(("salah.geojson", b"{}", "")).run()
    press(app, "Periksa dan pasang")
    assert app.error
    assert not boundaries.status(home).installed
    file = shared / "boundaries" / "kelurahan.geojson"
    app.file_uploader[0].set_value((file.name, file.read_bytes(), "")).run()
    press(app, "Periksa dan pasang")
    assert boundaries.status(home).installed
    assert left_behind(home) == []
    press(app, "Lepas")
    press(app, "Ya, lepas")
    assert not boundaries.status(home).installed


def test_another_language_keeps_the_page_alive(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, demo_home: Path
) -> None:
    (tmp_path / "en.po").write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        'msgid "Riwayat rilis"\nmsgstr "Release history"\n',
        encoding="utf-8",
    )
    monkeypatch.setattr(language, "LOCALE_DIR", tmp_path)
    language.catalogue.cache_clear()
    try:
        app = open_page(monkeypatch, demo_home, bagian="Riwayat rilis")
        assert "Data per 31 Desember 2025" in " ".join(m.value for m in app.markdown)
        app.segmented_control(key="bahasa").set_value("English").run()
        assert not app.exception
        assert "Release history" in [tab.label for tab in app.tabs]
    finally:
        language.catalogue.cache_clear()


def test_the_samples_of_the_offices(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, shared: Path
) -> None:
    folder = shared / "samples" / "a"
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    assert truth
    home = tmp_path / "home"
    app = send(
        open_page(monkeypatch, home),
        {f.name: f.read_bytes() for f in sorted(folder.iterdir()) if f.suffix in {".xlsx", ".csv"}},
    )
    assert figures(app)["Baris dibaca"] == "4.954"
    assert figures(app)["Ditolak"] == "119"
    assert any("Lembar tersembunyi" in caption.value for caption in app.caption)
    press(app, "Terbitkan")
    assert Store(home).require_current().counts["enrolment"] == 2911
