"""The old 62 kelurahan: every one leads to today's, and a split one to more than one."""

from __future__ import annotations

from datetime import date

import pytest

from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.crosswalk import OldKelurahan, load_crosswalk
from jambi_dash.domain.names import load_gazetteer

WALK = load_crosswalk()
AREAS = load_areas()


def test_the_old_city_had_62_kelurahan_in_8_kecamatan() -> None:
    assert len(WALK.old) == len(WALK.by_code) == len({k.bps_code for k in WALK.old}) == 62
    assert len({k.kecamatan_code for k in WALK.old}) == 8
    young = {k.code for k in AREAS.kelurahan if k.formed_2023}
    assert set(AREAS.by_code) - set(WALK.by_code) == young
    assert {part for k in WALK.old for part in k.parts} == young


@pytest.mark.parametrize("old", WALK.old, ids=lambda old: old.name)
def test_every_old_name_and_number_is_understood(old: OldKelurahan) -> None:
    place = load_gazetteer().place(f"{old.bps_code} {old.name}")
    assert place.code == old.code
    # A number alone is never enough: the name decides (contract section 3).
    assert load_gazetteer().place(old.bps_code).code is None
    assert load_gazetteer().place(f"{old.bps_code} Legok").code in (
        None, old.code if old.name == "Legok" else None,
    )  # fmt: skip


def test_parents_are_those_of_the_list_of_today() -> None:
    for area in AREAS.kelurahan:
        parents = {k.name for k in WALK.old if area.code in k.parts}
        assert parents == set(area.parents)
    assert WALK.first_day == date(2023, 1, 1)
    assert WALK.choices("15.71.07.1005") == ("15.71.07.1005", "15.71.07.1011", "15.71.07.1012")


def test_what_tells_an_old_list_from_a_new_one() -> None:
    def age(kelurahan: str, kecamatan: str = "") -> int:
        code = load_gazetteer().place(kelurahan, kecamatan).code
        assert code is not None
        return WALK.age_of(kelurahan, code, load_gazetteer().kecamatan(kecamatan))

    assert age("Kenali Besar", "Kota Baru") == -1
    assert age("Payo Silincah", "Jambi Timur") == -1
    assert age("1571010001 Kenali Besar") == -1
    assert age("Kenali Besar", "Alam Barajo") == 1
    assert age("Simpang Rimbo") == age("Simpang Rimbo", "Kota Baru") == 1
    # Neither the name alone nor a kecamatan that was always wrong says anything.
    assert age("Kenali Besar") == age("Kenali Besar", "Pelayangan") == 0
    assert age("Kenali Asam Bawah", "Kota Baru") == 0
    assert age("1571010005 Kenali Asam Bawah") == 0  # the number has stayed the same
