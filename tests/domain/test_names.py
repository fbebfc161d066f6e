"""Place names: every right spelling finds its kelurahan, and no spelling finds a wrong one."""

from __future__ import annotations

import csv
import string

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from jambi_dash.domain.areas import Kelurahan, load_areas
from jambi_dash.domain.names import load_gazetteer
from jambi_dash.settings import AREAS

PLACES = load_gazetteer()
KELURAHAN = load_areas().kelurahan
BY_NAME = {k.name: k for k in KELURAHAN}
FAMILY = ("Kenali Asam", "Kenali Asam Atas", "Kenali Asam Bawah")
with (AREAS / "aliases.csv").open(encoding="utf-8", newline="") as file:
    ALIASES = list(csv.DictReader(file))


def found(text: str, kecamatan: str = "") -> str | None:
    return PLACES.place(text, kecamatan).code


def test_the_city_has_68_kelurahan_in_11_kecamatan() -> None:
    assert len(KELURAHAN) == 68
    assert len(load_areas().kecamatan) == 11


@pytest.mark.parametrize("area", KELURAHAN, ids=lambda k: k.code)
def test_official_names_however_they_are_set_down(area: Kelurahan) -> None:
    name = area.name
    for text in (
        name, name.upper(), name.lower(), f"  {name}  ", name.replace(" ", "  "),
        name.replace(" ", ""), name.replace(" ", "."), name.replace(" ", "-"),
        name.replace(" ", "\u00a0"), f"Kel. {name}", f"KEL {name.upper()}", f"Kel.{name}",
        f"Kelurahan {name}", f"kelurahan: {name}", f"Desa {name}", f"{name}.",
        area.code, f"{area.code} {name}", f"{name} ({area.code})", f"{area.code} - {name}",
        f"{area.code.replace('.', '')} {name}",
    ):  # fmt: skip
        place = PLACES.place(text, area.kecamatan_name)
        assert place.code == area.code, text
        assert not place.repaired, text
        assert not place.kecamatan_differs, text


def test_names_are_told_apart() -> None:
    assert len({PLACES.place(k.name).code for k in KELURAHAN}) == 68


@pytest.mark.parametrize("row", ALIASES, ids=lambda row: row["alias"])
def test_every_alias(row: dict[str, str]) -> None:
    if row["catatan"] == "jangan cocokkan otomatis":
        assert found(row["alias"]) is None
        assert found(row["alias"].upper(), "Telanaipura") is None
    elif row["kode"] in load_areas().by_code:
        for text in (row["alias"], row["alias"].upper(), f"Kel. {row['alias']}"):
            assert found(text) == row["kode"], text
    else:
        assert PLACES.kecamatan(row["alias"]) == row["kode"]
        assert PLACES.kecamatan(f"Kec. {row['alias'].upper()}") == row["kode"]


@pytest.mark.parametrize("number", ["III", "3", "Tiga", "iii", "TIGA"])
def test_number_words(number: str) -> None:
    assert found(f"Simpang {number} Sipin") == BY_NAME["Simpang III Sipin"].code


@pytest.mark.parametrize(
    ("text", "name"),
    [("Simpang 4 Sipin", "Simpang IV Sipin"), ("Simpang Empat Sipin", "Simpang IV Sipin"),
     ("Paal 5", "Paal Lima"), ("Paal V", "Paal Lima"), ("PAAL LIMA", "Paal Lima"),
     ("Pal Lima", "Paal Lima")],
)  # fmt: skip
def test_more_number_words(text: str, name: str) -> None:
    assert found(text) == BY_NAME[name].code


@pytest.mark.parametrize(
    "text",
    ["Simpang II Sipin", "Simpang V Sipin", "Simpang 5 Sipin", "Simpang Sipin", "Paal IV", "Paal"],
)
def test_a_wrong_number_is_no_typing_error(text: str) -> None:
    assert found(text) is None


def test_a_code_with_dots_beats_the_name_beside_it() -> None:
    assert found("15.71.08.1004 Thehok") == "15.71.08.1004"
    assert found("15.71.08.9999") is None
    assert found("15.71.08.9999 Thehok") == BY_NAME["Thehok"].code
    assert found("16.71.08.1004") is None


@pytest.mark.parametrize("area", KELURAHAN, ids=lambda k: k.code)
def test_ten_digits_without_dots_are_not_believed_alone(area: Kelurahan) -> None:
    """They may be a BPS code, which is another kelurahan's official code without its dots."""
    assert found(area.code.replace(".", "")) is None
    if area.bps_code:
        assert found(area.bps_code) is None
        assert found(f"{area.bps_code} {area.name}") == area.code
        twin = area.bps_code
        for other in KELURAHAN:
            if twin in (other.code.replace(".", ""), other.bps_code):
                continue
            assert found(f"{twin} {other.name}") is None, (twin, other.name)


def test_kenali_asam_is_never_guessed() -> None:
    for name in FAMILY:
        assert found(name) == BY_NAME[name].code
    for text in ("Kenali Asam Ata", "Kenali Asam Bwah", "Kenali Asm Atas", "KENALI ASAM BAWA"):
        assert found(text) in (
            None,
            BY_NAME[
                "Kenali Asam Atas" if "t" in text.lower().split()[-1] else "Kenali Asam Bawah"
            ].code,
        )
    for text in ("Kenali Asam A", "Kenali Asam B", "Kenali Asam Tengah", "Kenali Asam Baru",
                 "Kenali Asam 1", "Kenali", "Kenali Asam Batas", "Kenali Asam Awas"):  # fmt: skip
        code = found(text, "Kota Baru")
        assert code is None or (
            code == BY_NAME["Kenali Asam Atas"].code and text.endswith("Batas")
        ), text


def edits(word: str) -> list[str]:
    letters = string.ascii_lowercase
    cuts = [(word[:i], word[i:]) for i in range(len(word) + 1)]
    return [
        *(a + b[1:] for a, b in cuts if b),
        *(a + b[1] + b[0] + b[2:] for a, b in cuts if len(b) > 1),
        *(a + c + b[1:] for a, b in cuts if b for c in letters[::5]),
        *(a + c + b for a, b in cuts for c in letters[::7]),
    ]


@pytest.mark.parametrize("area", KELURAHAN, ids=lambda k: k.code)
def test_one_slip_of_the_finger_never_leads_elsewhere(area: Kelurahan) -> None:
    for text in edits(area.name.lower()):
        assert found(text) in (None, area.code), text


@settings(max_examples=300)
@given(
    st.sampled_from(KELURAHAN), st.integers(0, 30), st.sampled_from(["delete", "insert", "swap", "put"]),
    st.sampled_from(string.ascii_letters + " .'-0123456789"), st.sampled_from([k.name for k in load_areas().kecamatan]),
)  # fmt: skip
@example(BY_NAME["Kenali Asam Atas"], 12, "put", "b", "Kota Baru")
def test_one_slip_in_any_kecamatan(
    area: Kelurahan, where: int, how: str, letter: str, kecamatan: str
) -> None:
    """A close spelling inside the given kecamatan is no reason to leave the right kelurahan."""
    name = area.name
    i = where % len(name)
    text = {
        "delete": name[:i] + name[i + 1 :],
        "insert": name[:i] + letter + name[i:],
        "swap": name[:i] + name[i + 1 : i + 2] + name[i] + name[i + 2 :],
        "put": name[:i] + letter + name[i + 1 :],
    }[how]
    assert found(text, kecamatan) in (None, area.code)


@pytest.mark.parametrize(
    "name", ["Thehok", "Tanjung Pinang", "Lebak Bandung", "Mayang Mangurai", "Olak Kemang"]
)
def test_usual_slips_are_mended(name: str) -> None:
    slips = edits(name.lower())
    mended = sum(found(text) == BY_NAME[name].code for text in slips)
    assert mended > 0.8 * len(slips)
    assert any(PLACES.place(text).repaired for text in slips)


def test_an_exact_name_elsewhere_beats_a_close_one_here() -> None:
    # Kasang lies in Jambi Timur; Kasang Jaya too; a wrong kecamatan changes nothing.
    place = PLACES.place("Pasir Putih", "Danau Teluk")  # where Pasir Panjang is
    assert (place.code, place.kecamatan_differs) == (BY_NAME["Pasir Putih"].code, True)
    place = PLACES.place("Tanjung Sari", "Danau Teluk")  # Tanjung Pasir, Tanjung Raden
    assert (place.code, place.kecamatan_differs) == (BY_NAME["Tanjung Sari"].code, True)


@pytest.mark.parametrize("name", ["Telanaipura", "Jelutung", "Paal Merah", "Pasar Jambi"])
def test_names_that_are_both_kelurahan_and_kecamatan(name: str) -> None:
    area = BY_NAME[name]
    assert found(name) == area.code
    assert PLACES.kecamatan(name) == area.kecamatan_code
    assert not PLACES.place(name, name).kecamatan_differs
    assert PLACES.place(name, "Danau Teluk").kecamatan_differs
    other = next(k for k in KELURAHAN if k.kecamatan_code == area.kecamatan_code and k != area)
    assert found(other.name, name) == other.code
    assert found("", name) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "?",
        "tidak tahu",
        "Jambi",
        "Kota Jambi",
        "Luar Kota",
        "Kel.",
        "Kelurahan",
        "Muaro Jambi",
        "123",
        "Sipin",
        "Tanjung",
        "Talang",
        "Danau Sipin",
    ],
)
def test_what_is_no_kelurahan_of_the_city(text: str) -> None:
    place = PLACES.place(text, "Jelutung")
    assert (place.code, place.repaired, place.kecamatan_differs) == (None, False, False)


def test_an_unknown_kecamatan_is_no_contradiction() -> None:
    for text in ("", "-", "Kab. Muaro Jambi", "???"):
        assert not PLACES.place("Thehok", text).kecamatan_differs
    for text in ("JAMBI SELATAN", "Kec. Jambi Selatan", "kecamatan jambi selatan", "15.71.02"):
        assert not PLACES.place("Thehok", text).kecamatan_differs
    assert PLACES.place("Thehok", "Jambi Timur").kecamatan_differs


def test_a_cell_full_of_text_is_answered_at_once() -> None:
    for text in ("x" * 10**6, " " * 10**5 + "RT", "Thehok " * 10**5, "1" * 10**5):
        assert found(text) is None


@given(st.text(max_size=40), st.text(max_size=20))
def test_no_text_is_too_strange(kelurahan: str, kecamatan: str) -> None:
    place = PLACES.place(kelurahan, kecamatan)
    assert place.code is None or place.code in load_areas().by_code
