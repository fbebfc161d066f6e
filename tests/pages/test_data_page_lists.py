"""Data & Mutu with lists as they are: names alone, remembered columns, decisions, one part."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from data_page import drawn, figures, labels, open_page, press, send

from jambi_dash.domain.areas import load_areas
from jambi_dash.intake.mapping_shelf import MappingShelf
from jambi_dash.releases.reviews import Reviews
from jambi_dash.releases.store import Store

KNOWN = (
    "NIK,Nama,Kelurahan,RT,Mulai\n"
    "1571040506850011,Siti Aminah,Legok,1,2025-06\n"
    "1571040607850012,Budi Hartono,Kasang,1,2025-06\n"
)
DOUBLES = (
    "NIK,Nama,Tgl Lahir,Kelurahan,Mulai\n"
    "1571040506850011,Siti Aminah,05/06/1985,Legok,2025-06\n"
    "1571040506850012,Siti Amina,05/06/1985,Legok,2025-06\n"
    ",Sitti Aminah,05/06/1985,Legok,2025-06\n"
)
OLD = "NIK,Nama,Kecamatan,Kelurahan,RT,Mulai\n" + "".join(
    f"157104050685001{n},Orang {n},Kota Baru,{place},{rt},2025-06\n"
    for n, (place, rt) in enumerate(
        [("Kenali Besar", 5), ("Kenali Besar", 70), ("Rawa Sari", 5), ("Beliung", 2)]
    )
)
STRANGE = "NIK,Nama,Wilayah Tugas,Mulai\n1571040506850011,Siti Aminah,Legok,2025-06\n"


def published(monkeypatch: pytest.MonkeyPatch, home: Path, text: str) -> None:
    press(send(open_page(monkeypatch, home), {"peserta.csv": text}), "Terbitkan")


def test_a_list_of_names_is_completed_and_says_so(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    published(monkeypatch, home, KNOWN)
    names = "NIK,Nama\n1571040506850011,Siti Aminah\n1571040708850013,Orang Baru\n"
    app = send(open_page(monkeypatch, home), {"siks.csv": names})
    assert figures(app)["Diterima"] == "2"
    remarks = " ".join(caption.value for caption in app.caption)
    assert "1 menurut rilis sebelumnya" in remarks.replace("\\", "")
    assert "1 tanpa lokasi" in remarks
    assert not re.search(r"\d{16}|Aminah|Orang Baru", drawn(app))


def test_settled_columns_are_remembered_shown_and_deleted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    app = open_page(monkeypatch, home)
    app.selectbox(key="intake sender 0").set_value("Kelurahan Legok").run()
    send(app, {"a.csv": STRANGE})
    assert "kelurahan tidak ditemukan" in app.error[0].value
    app.selectbox(key="mapping peserta wilayahtugas").set_value("kelurahan").run()
    press(app, "Periksa ulang")
    [box] = [box for box in app.checkbox if "Ingat pemetaan" in box.label]
    assert "Kelurahan Legok" in box.label
    assert box.value
    press(app, "Terbitkan")
    [entry] = MappingShelf(home).list()
    assert (entry.sender, entry.columns) == ("Kelurahan Legok", (("Wilayah Tugas", "kelurahan"),))

    app = send(open_page(monkeypatch, home), {"b.csv": STRANGE})
    assert not app.error
    remarks = " ".join(caption.value for caption in app.caption)
    assert "diingat dari Kelurahan Legok" in remarks

    app = open_page(monkeypatch, home)
    assert any("Pemetaan kolom yang diingat" in e.label for e in app.expander)
    app.selectbox(key="forget mapping").set_value(entry.id).run()
    press(app, "Hapus")
    assert MappingShelf(home).list() == []
    assert not any("Pemetaan kolom yang diingat" in e.label for e in app.expander)


def test_columns_need_not_be_remembered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    home = tmp_path / "home"
    app = send(open_page(monkeypatch, home), {"a.csv": STRANGE})
    app.selectbox(key="mapping peserta wilayahtugas").set_value("kelurahan").run()
    press(app, "Periksa ulang")
    next(box for box in app.checkbox if "Ingat pemetaan" in box.label).set_value(False).run()
    press(app, "Terbitkan")
    assert MappingShelf(home).list() == []


def test_pairs_are_masked_decided_and_not_asked_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    app = send(open_page(monkeypatch, home), {"a.csv": DOUBLES})
    assert figures(app)["Diterima"] == "3"
    assert "3 pasang" in " ".join(m.value for m in app.markdown)
    assert not re.search(r"\d{16}|Aminah|Amina", drawn(app))
    app.toggle(key="pairs named 1").set_value(True).run()
    assert "Siti Amina" in drawn(app)
    app.toggle(key="pairs named 1").set_value(False).run()
    press(app, "Simpan keputusan dan periksa ulang")
    assert "Belum ada yang diputuskan" in app.info[0].value
    pairs = [radio for radio in app.radio if radio.key and radio.key.startswith("pair ")]
    assert len(pairs) == 3
    for radio in pairs:
        masked = radio.key or ""
        radio.set_value("same" if masked == pairs[0].key else "different")
    press(app, "Simpan keputusan dan periksa ulang")
    assert sorted(p.same for p in Reviews(home).read().pairs) == [False, False, True]
    assert (figures(app)["Diterima"], figures(app)["Ditolak"]) == ("2", "1")
    assert "Menunggu keputusan Anda" not in [s.value for s in app.subheader]
    press(app, "Terbitkan")
    app = send(open_page(monkeypatch, home), {"a.csv": DOUBLES})
    assert figures(app)["Ditolak"] == "1"
    press(app, "Batal dan buang")
    chooser = app.selectbox(key="forget decision")
    assert len(chooser.options) == 3
    chooser.set_value(chooser.options[0]).run()
    press(app, "Batalkan keputusan ini")
    assert len(Reviews(home).read().pairs) == 2


def test_split_kelurahan_are_decided_on_the_page(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    app = send(open_page(monkeypatch, home), {"lama.csv": OLD})
    assert "2 baris" in next(m.value for m in app.markdown if "sudah dimekarkan" in m.value)
    for first, last, code in ((1, 50, "15.71.09.1001"), (51, 99, "15.71.09.1006")):
        app.number_input(key="split from 1").set_value(first)
        app.number_input(key="split to 1").set_value(last)
        app.selectbox(key="split code 1 15.71.09.1001").set_value(code).run()
        press(app, "Simpan dan periksa ulang")
    assert not any("sudah dimekarkan" in m.value for m in app.markdown)
    press(app, "Terbitkan")
    assert [(s.rt_from, s.rt_to) for s in Reviews(home).read().splits] == [(1, 50), (51, 99)]
    assert Store(home).require_current().counts["enrolment"] == 4


def whole_city() -> str:
    rows = [
        f"157104{n % 28 + 1:02d}0685{n + 1:04d},Orang {n},{area.code},1,2025-06"
        for n, area in enumerate(load_areas().kelurahan)
    ]
    return "\n".join(["NIK,Nama,Kelurahan,RT,Mulai", *rows]) + "\n"


def test_one_part_is_replaced_and_the_rest_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    published(monkeypatch, home, whole_city())
    app = open_page(monkeypatch, home)
    app.multiselect(key="intake part 0").set_value(["15.71.10"]).run()
    send(app, {"a.csv": KNOWN})  # Kasang lies elsewhere
    assert "Kasang 1" in app.error[0].value
    toggle = next(t for t in app.toggle if "Abaikan baris" in t.label)
    toggle.set_value(True).run()
    press(app, "Periksa ulang")
    assert (figures(app)["Diterima"], figures(app)["Ditolak"]) == ("1", "1")
    assert "Kecamatan Danau Sipin" in app.info[0].value
    assert "63 baris bagian lain tetap" in app.info[0].value
    press(app, "Terbitkan")
    assert Store(home).require_current().counts["enrolment"] == 64


def test_a_table_that_looks_like_a_part_is_asked_about(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    published(monkeypatch, home, whole_city())
    held = Store(home).current_id()
    app = send(open_page(monkeypatch, home), {"a.csv": KNOWN})
    press(app, "Terbitkan")
    assert Store(home).current_id() == held
    assert {"Hanya ganti bagian ini", "Ganti seluruh tabel", "Kembali"} <= set(labels(app))
    press(app, "Hanya ganti bagian ini")
    assert "Kelurahan Legok" in app.info[0].value
    press(app, "Terbitkan")
    assert Store(home).require_current().counts["enrolment"] == 68
    app = send(open_page(monkeypatch, home), {"a.csv": KNOWN})
    press(app, "Terbitkan")
    press(app, "Ganti seluruh tabel")
    assert Store(home).require_current().counts["enrolment"] == 2
