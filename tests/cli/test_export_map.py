"""`export map` and `export atlas` as scripts rely on them: answers, refusals, whole files."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from pypdf import PdfReader

from jambi_dash.cli import main
from jambi_dash.domain.coverage import ReconciliationError
from jambi_dash.queries import coverage as coverage_queries
from jambi_dash.releases.store import Store

Answer = tuple[int, dict[str, Any], str]


@pytest.fixture
def export(demo_home: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def command(*words: object) -> Answer:
        capsys.readouterr()
        code = main(["--home", str(demo_home), "--json", "export", *map(str, words)])
        out, err = capsys.readouterr()
        assert out.count("\n") == 1
        assert "Traceback" not in err
        return code, json.loads(out), err

    return command


def test_a_map_is_a_slide_unless_told_otherwise(
    export: Any, tmp_path: Path, demo_home: Path
) -> None:
    out = tmp_path / "peta.png"
    code, answer, _ = export("map", "--out", out)
    assert code == 0
    assert answer == {
        "file": str(out),
        "bytes": out.stat().st_size,
        "release": Store(demo_home).require_current().release,
        "public": False,
        "synthetic": True,
        "filter": answer["filter"],
    }
    assert answer["filter"]["Bulan"] == "Desember 2025"
    assert answer["filter"]["Kelompok"] == "Pekerja rentan"
    with Image.open(out) as image:
        assert image.size == (1920, 1080)
    assert [file.name for file in tmp_path.iterdir()] == ["peta.png"]
    if os.name == "posix":
        assert out.stat().st_mode & 0o044 == 0o044  # others may open what is handed on


@pytest.mark.parametrize(
    ("words", "title"),
    [
        (["--by", "kecamatan"], "per kecamatan"),
        (["--show", "difference", "--before", "2025-08"], "Perubahan cakupan"),
        (["--show", "rollout", "--at", "2025-11"], "per 30 November 2025"),
        (["--show", "rollout", "--by", "rt"], "tahap tiap RT"),
        (["--show", "scenario", "--scenario-show", "difference"], "Kenaikan cakupan"),
        (["--cohort", "ketua_rt", "--at", "2025-10"], "Oktober 2025"),
        (["--public"], "salinan umum"),
    ],
)
def test_every_kind_of_view_is_drawn(
    export: Any, tmp_path: Path, words: list[str], title: str
) -> None:
    out = tmp_path / "peta.svg"
    code, answer, _ = export("map", *words, "--out", out)
    assert code == 0
    assert title in out.read_text(encoding="utf-8")
    assert answer["public"] is ("--public" in words)


def test_a_scenario_file_is_read(export: Any, tmp_path: Path) -> None:
    file, out = tmp_path / "s.toml", tmp_path / "peta.svg"
    file.write_text('name = "Uji 3.500"\nworkers = 3500\n', encoding="utf-8")
    code, answer, _ = export("map", "--show", "scenario", "--scenario", file, "--out", out)
    assert (code, answer["filter"]["Skenario"]) == (0, "Uji 3.500")
    assert "500 tempat baru" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--out", "peta.bmp"], ".svg"),
        (["--out", "peta"], ".png"),
        (["--by", "rt", "--public", "--out", "peta.png"], "tidak pernah untuk umum"),
        (["--by", "rt", "--public", "--show", "rollout", "--out", "p.png"], "tidak pernah"),
        (["--by", "rt", "--public", "--show", "scenario", "--out", "p.png"], "tidak pernah"),
        (["--by", "rt", "--public", "--show", "difference", "--before", "2025-08", "--out",
          "p.png"], "tidak pernah"),
        (["--show", "difference", "--out", "peta.png"], "--before"),
        (["--before", "2025-01", "--out", "peta.png"], "--before"),
        (["--show", "rollout", "--cohort", "phl", "--out", "peta.png"], "--cohort"),
        (["--show", "scenario", "--by", "kecamatan", "--out", "peta.png"], "kelurahan"),
        (["--scenario", "tidak-ada.toml", "--show", "scenario", "--out", "p.png"], "tidak-ada"),
        (["--dpi", "2000", "--out", "peta.png"], "600"),
        (["--dpi", "150", "--out", "peta.svg"], "--dpi"),
        (["--base", "true", "--out", "peta.png"], "boundaries"),
        (["--cohort", "siapa", "--out", "peta.png"], "siapa"),
        (["--out", "tidak/ada/peta.png"], "tidak/ada"),
        (["--out", "."], "."),
    ],
)  # fmt: skip
def test_what_cannot_be_drawn_is_refused_in_a_sentence(
    export: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, answer, err = export("map", *words)
    assert code == 1
    assert said in answer["error"]
    assert answer["error"] in err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "words",
    [["map"], ["map", "--by", "rw", "--out", "p.png"], ["map", "--dpi", "x", "--out", "p.png"],
     ["map", "--public", "--internal", "--out", "p.png"], ["poster", "--out", "p.png"], []],
)  # fmt: skip
def test_wrong_words_are_wrong_usage(export: Any, words: list[str]) -> None:
    assert export(*words)[0] == 2


def test_a_refusal_leaves_the_file_that_was_there(
    export: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "peta.png"
    out.write_bytes(b"yang lama")

    def disk_full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", disk_full)
    code, answer, _ = export("map", "--by", "kecamatan", "--out", out)
    assert code == 1
    assert "No space left" in answer["error"]
    assert out.read_bytes() == b"yang lama"
    assert [file.name for file in tmp_path.iterdir()] == ["peta.png"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_place_that_is_read_only_is_refused(export: Any, tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    code, answer, _ = export("map", "--out", tmp_path / "peta.png")
    assert (code, "tidak boleh ditulisi" in answer["error"]) == (1, True)


def test_numbers_that_do_not_add_up_are_not_drawn(
    export: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: object) -> None:
        raise ReconciliationError("15.71.08: 3 != 4")

    monkeypatch.setattr(coverage_queries.CoverageTable, "check", broken)
    code, answer, _ = export("map", "--out", tmp_path / "peta.png")
    assert code == 1
    assert "15.71.08: 3 != 4" in answer["error"]
    assert not list(tmp_path.iterdir())


def test_the_atlas_of_one_kecamatan(export: Any, tmp_path: Path) -> None:
    out = tmp_path / "atlas.pdf"
    code, answer, err = export("atlas", "--kecamatan", "Danau Teluk", "--public", "--out", out)
    assert (code, answer["pages"], answer["public"]) == (0, 7, True)
    assert answer["filter"]["Kecamatan"] == "Danau Teluk"
    assert len(PdfReader(io.BytesIO(out.read_bytes())).pages) == 7
    assert "5 dari 5 halaman" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--out", "atlas.png"], ".pdf"), (["--kecamatan", "Kasang", "--out", "a.pdf"], "Kasang")],
)
def test_an_atlas_that_cannot_be_made_is_refused(
    export: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    code, answer, _ = export("atlas", *words)
    assert code == 1
    assert said in answer["error"]
    assert not list(tmp_path.iterdir())
