"""The data officer's way in a real Chromium: drop, look, take the mend list, publish, go back."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from python_calamine import CalamineWorkbook
from running_dashboard import running_dashboard

from jambi_dash.releases.store import Store

ROSTER = (
    "NIK,Nama Lengkap,Kelurahan,RT,Mulai\n"
    "1571044610934096,Budi Hartono Siregar,Beringin,001,2025-06\n"
    "15710,=HYPERLINK(Eka),Beringin,001,2025-06\n"
    "1571035001762088,Siti Aminah Lubis,Kebon Handil,002,2025-06\n"
)
RTS = "Kelurahan,RT,Perkiraan Pekerja Rentan\nBeringin,001,8\nKebun Handil,002,12\n"


def test_from_files_to_a_release_and_back(tmp_path: Path, visit: Callable) -> None:
    (tmp_path / "peserta.csv").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "rt.csv").write_text(RTS, encoding="utf-8")
    home = tmp_path / "home"
    building = home / "building"
    with running_dashboard(home, tmp_path / "log") as server:
        seen = visit("/data", server=server)
        page = seen.page
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))

        def send() -> None:
            page.locator('input[type="file"]').set_input_files(
                [tmp_path / "peserta.csv", tmp_path / "rt.csv"]
            )
            page.get_by_role("button", name="Periksa", exact=True).click()
            page.get_by_role("heading", name="Hasil pemeriksaan").wait_for()
            seen.settled()

        send()
        body = page.inner_text("body")
        assert "15710" not in body
        assert "Siregar" not in body
        assert "RT 001 Beringin" in body
        assert Store(home).current_id() is None
        if os.name == "posix":
            assert {folder.stat().st_mode & 0o777 for folder in building.iterdir()} == {0o700}

        # The list of persons comes inside the session; no address ever answers with it.
        with page.expect_download() as waiting:
            page.get_by_role("button", name="Unduh daftar perbaikan").click()
        assert waiting.value.url.startswith("blob:")
        taken = tmp_path / waiting.value.suggested_filename
        waiting.value.save_as(taken)
        assert taken.name == "daftar-perbaikan.xlsx"
        rows = CalamineWorkbook.from_path(taken).get_sheet_by_index(0).to_python()
        assert [row[4] for row in rows[1:]] == ["15710", "1571035001762088"]
        assert rows[1][2] == "NIK tidak 16 angka"
        assert rows[1][5] == "=HYPERLINK(Eka)"
        seen.settled()
        assert not [url for url in asked if "/media/" in url]

        page.get_by_role("button", name="Terbitkan").click()
        page.get_by_role("button", name="Masukkan berkas lain").wait_for()
        seen.settled()
        assert Store(home).require_current().counts["enrolment"] == 2
        assert list(building.iterdir()) == []

        # The undo, with its question, over a link to the section.
        page.get_by_role("button", name="Masukkan berkas lain").click()
        seen.settled()
        send()
        page.get_by_role("button", name="Terbitkan").click()
        page.get_by_role("button", name="Masukkan berkas lain").wait_for()
        seen.settled()
        older, newer = (record.release for record in Store(home).history())
        seen.go("/data?bagian=Riwayat+rilis")
        assert Store(home).current_id() == newer
        page.get_by_role("button", name="Berlakukan lagi").click()
        page.get_by_role("dialog").get_by_role("button", name="Ya, berlakukan").click()
        page.get_by_role("dialog").wait_for(state="detached")
        seen.settled()
        assert Store(home).current_id() == older

        # Somebody leaves in the middle; the server's end takes the rows along.
        seen.go("/data")
        send()
        assert list(building.iterdir()) != []
        assert seen.outside == []
        assert seen.errors == []
    if os.name == "posix":
        assert list(building.iterdir()) == []
    log = (tmp_path / "log").read_text(encoding="utf-8", errors="replace")
    assert "Siregar" not in log
    assert "1571044610934096" not in log
