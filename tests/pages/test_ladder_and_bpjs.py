"""Verifikasi and BPJS & ganda on /data without a browser."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from data_page import drawn
from streamlit.testing.v1 import AppTest

from jambi_dash.intake.checks import check_files
from jambi_dash.intake.publishing import publish
from jambi_dash.releases.audit import AuditLog
from jambi_dash.releases.store import Store
from jambi_dash.settings import HOME_VARIABLE, PROJECT
from jambi_dash.ui import hand_over

HEADER = "NIK,Nama,Kelurahan,Pekerjaan,Kelompok,Tahap,Sumber Dana,Mulai,Sampai,Alasan\n"
SECTIONS = ("Verifikasi", "BPJS & ganda")


def line(number: int, stage: str, cohort: str = "", fund: str = "", last: str = "",
         reason: str = "", kelurahan: str = "Thehok") -> str:  # fmt: skip
    nik = f"157104{number % 28 + 1:02d}0685{number + 1:04d}"
    first = "2025-01" if stage == "aktif" else ""
    return f"{nik},Zulkarnain {number},{kelurahan},ojol,{cohort},{stage},{fund},{first},{last},{reason}\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A proposal that waits since September, one turned away, three paid, one of them twice."""
    store = Store(tmp_path / "home")
    rows = [
        line(1, "diusulkan"), line(2, "verifikasi kelurahan", kelurahan="Kasang"),
        line(3, "aktif", fund="APBD"), line(4, "aktif", last="2025-11"), line(5, "aktif"),
    ]  # fmt: skip
    later = [
        rows[0], line(2, "ditolak", reason="pindah ke <b>Muaro</b>", kelurahan="Kasang"), *rows[2:],
        line(3, "aktif", "ketua rt", fund="BKBK"),
    ]  # fmt: skip
    bpjs = "KPJ,NIK,Status\n" + "".join(
        f"2404000000{n},{line(n, '').partition(',')[0]},{status}\n"
        for n, status in ((3, "aktif"), (5, "nonaktif"), (77, "aktif"))
    )
    for day, files in (
        (date(2025, 9, 30), {"peserta": HEADER + "".join(rows)}),
        (date(2025, 12, 31), {"peserta": HEADER + "".join(later), "bpjs": bpjs}),
    ):
        paths = []
        for name, text in files.items():
            path = tmp_path / f"{name}.csv"
            path.write_text(text, encoding="utf-8")
            paths.append(path)
        with check_files(store, paths, as_of=day) as prepared:
            publish(prepared)
    return store.home


def open_section(monkeypatch: pytest.MonkeyPatch, home: Path, section: str) -> AppTest:
    monkeypatch.setenv(HOME_VARIABLE, str(home))
    monkeypatch.chdir(PROJECT)
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=60).run()
    app.switch_page("pages/data/data.py")
    app.query_params["bagian"] = section
    app.run()
    assert not app.exception
    assert not app.error
    return app


def said(app: AppTest) -> str:
    return " ".join(
        str(getattr(element.proto, "body", ""))
        for element in (*app.markdown, *app.caption, *app.get("html"))
    )


def test_the_ladder_of_two_releases(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    app = open_section(monkeypatch, home, "Verifikasi")
    text = said(app)
    # One proposal, 92 days at least; no release is older than the first.
    assert "<td>≥ 92</td>" in text
    assert "Pindah atau bukan warga" in text
    assert "paling sedikit 60 hari" in text
    assert "1 menunggu = jumlah semua kelurahan" in text
    assert "Muaro" not in drawn(app)
    app.selectbox(key="verifikasi_kecamatan").set_value("15.71.03").run()
    assert not app.exception
    assert "Tidak ada yang menunggu" in said(app)
    app.selectbox(key="verifikasi_kelompok").set_value("ketua_rt").run()
    assert "Tidak ada orang di daftar" in app.info[0].value


def test_the_lists_for_the_lurah(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    given: dict[str, bytes] = {}
    monkeypatch.setattr(
        hand_over, "hand_over", lambda content, name, _mime: given.update({name: content})
    )
    for section, key in (("Verifikasi", "verifikasi"), ("Perbaikan per kelurahan", "mending")):
        app = open_section(monkeypatch, home, section)
        app.button(key=f"{key} xlsx").click().run()
        app.selectbox(key=f"{key} kelurahan").set_value("15.71.02.1004")
        app.button(key=f"{key} pdf").click().run()
        assert not app.exception
        assert not app.error
        assert list(given) == ["daftar-perbaikan-semua.xlsx", "daftar-perbaikan-thehok.pdf"]
        assert [content[:2] for content in given.values()] == [b"PK", b"%P"]
        given.clear()
    deeds = [entry.deed for entry in AuditLog(home).entries()]
    assert deeds.count("export") == 4


def test_double_cover_bpjs_and_lapses(monkeypatch: pytest.MonkeyPatch, home: Path) -> None:
    app = open_section(monkeypatch, home, "BPJS & ganda")
    text = said(app)
    assert "3 baris dibayar untuk 2 orang" in text
    assert "Pekerja rentan + Ketua RT" in text
    assert "APBD + BKBK" in text
    assert "12 orang-bulan, Rp201.600" in text
    assert "1 nonaktif, 0 tidak ada di daftar, dari 2 yang dibayar" in text
    assert "tidak ada di daftar kota mana pun</td><td>1</td>" in text
    # Person 4 is paid until November; 5 is paid and not a member: both end in three months.
    assert "0 dalam 1 bulan · 0 dalam 2 bulan · 2 dalam 3 bulan" in text
    assert "3.400" in text
    for secret in ("Zulkarnain", "24040", "157104"):
        assert secret not in drawn(app)
    app.selectbox(key="ganda_bulan").set_value("2024-12").run()
    assert not app.exception
    assert "Tidak ada orang yang dibayar dua kali" in said(app)


def test_without_a_list_the_section_says_what_to_ask_for(
    monkeypatch: pytest.MonkeyPatch, demo_home: Path
) -> None:
    text = said(open_section(monkeypatch, demo_home, "BPJS & ganda"))
    assert "daftar dua kolom: NIK dan status" in text
    assert "daftar BPJS belum diimpor" in text
    assert "Belum ada rilis terdahulu" in said(open_section(monkeypatch, demo_home, "Verifikasi"))


@pytest.mark.parametrize("section", SECTIONS)
def test_an_empty_store_and_another_language(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, home: Path, section: str
) -> None:
    app = open_section(monkeypatch, tmp_path / "nothing", section)
    assert "Belum ada data" in [header.value for header in app.header]
    app = open_section(monkeypatch, home, section)
    app.segmented_control(key="bahasa").set_value("English").run()
    assert not app.exception
