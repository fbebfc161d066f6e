"""Why the number changed: the section of `/data`, and the line on `/ringkasan` that leads to it."""

from __future__ import annotations

from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from jambi_dash.charts.area_map import build_base_map, build_layer
from jambi_dash.charts.difference import bridge_rows_svg, bridge_svg, count_difference_paint
from jambi_dash.domain import formats
from jambi_dash.domain.difference import PARTS, Difference, part_label, part_meaning
from jambi_dash.domain.language import t
from jambi_dash.domain.programme import load_programme
from jambi_dash.releases.store import ReleaseRecord
from jambi_dash.ui import choices, data, definitions, exhibit, filters, frame, numbers
from jambi_dash.ui.literal import literal
from jambi_dash.ui.look import table_html, theme

MAP_HEIGHT = 520
_AT_ONCE = 1_000_000  # rows of a roster that are compared while the first screen is drawn
_SECTION, _FROM, _TO = "bagian", "dari", "ke"
SECTION_NAME = "perubahan"
"""The section's place in the address."""


def section_title() -> str:
    """The section's name."""
    return t("Mengapa berubah")


# On /ringkasan


def why_line(before: data.OpenRelease, release: data.OpenRelease) -> None:
    """One line: what the change of the main cohort is made of, and the way to all of it."""
    if not data.may("internal"):
        return
    sizes = [r.record.counts.get("enrolment", 0) for r in (before, release)]
    label = t("Mengapa berubah")
    if max(sizes) <= _AT_ONCE:
        answer = data.difference(before, release)
        cohort = load_programme().cohorts.by_id[answer.cohort].shown()
        label = t("{cohort} {change}: {parts}", cohort=cohort,
                  change=formats.signed(answer.city.change), parts=_largest(answer))  # fmt: skip
    st.page_link(
        frame.page_path("data"), label=label, icon=":material/difference:",
        help=t("Pekerja rentan: baru, berakhir, pindah, diperbaiki, dikode ulang"),
        query_params={
            _SECTION: SECTION_NAME, _FROM: before.record.release, _TO: release.record.release,
        },
    )  # fmt: skip


def _largest(answer: Difference) -> str:
    """The two largest parts as the city sees them: moves inside it are no news."""
    parts = [(part, n) for part, n in answer.city.parts.items() if n and "moved" not in part]
    parts.sort(key=lambda pair: -abs(pair[1]))
    told = [f"{formats.signed(n)} {part_label(part).lower()}" for part, n in parts[:2]]
    if rest := sum(n for _, n in parts[2:]):
        told.append(t("{n} lainnya", n=formats.signed(rest)))
    return ", ".join(told) or t("tetap")


# On /data


def draw() -> None:
    """Any two releases: how many, why, where."""
    history = data.history()
    if len(history) < 2:
        st.info(
            t("Perubahan dapat diuraikan bila ada dua rilis; sekarang ada {n}.",
              n=formats.number(len(history)))
        )  # fmt: skip
        choices.lead_to("bagian", "masukan", t("Masukkan data"))
        return
    chosen = _choose(history)
    if chosen is None:
        return
    a, b, cohort = chosen
    answer = data.difference(a, b, cohort=cohort)
    _answer(answer)
    places, table = st.columns([1, 1.15], gap="medium")
    with places:
        _map(b, answer)
    with table:
        _table(answer)


def _choose(
    history: list[ReleaseRecord],
) -> tuple[data.OpenRelease, data.OpenRelease, str] | None:
    """The two releases and the cohort; `None`, and a sentence, where one cannot be read."""
    ids = [record.release for record in history]
    by_id = {record.release: record for record in history}
    current = data.current_release()
    newest = current.record.release if current else ids[0]
    earlier = by_id[newest].previous
    first, second, third = st.columns([1.3, 1.3, 1])

    def box(label: str, name: str, default: int) -> str:
        asked = st.query_params.get(name)
        # Bound by hand: a bound box would put its words, not the release, into the address.
        chosen = st.selectbox(
            label, ids, index=ids.index(asked) if asked in ids else default, key=_key(name),
            on_change=_into_address, args=(name,),
            format_func=lambda release: t(
                "Data per {date} · rilis {release}",
                date=formats.day(by_id[release].as_of), release=release,
            ),
        )  # fmt: skip
        return str(chosen)

    with first:
        start = ids.index(earlier) if earlier in ids else len(ids) - 1
        before = box(t("Dari rilis"), _FROM, start)
    with second:
        after = box(t("Ke rilis"), _TO, ids.index(newest))
    opened = {name: data.release_of(name) for name in (before, after)}
    for name, release in opened.items():
        if release is None:
            st.error(
                t("Berkas rilis {release} rusak atau hilang; pilih rilis lain.",
                  release=literal(name)), icon=":material/error:",
            )  # fmt: skip
            return None
    a, b = opened[before], opened[after]
    assert a is not None
    assert b is not None
    with third:
        cohort = filters.cohort(a, b)
    return a, b, cohort


def _key(name: str) -> str:
    return f"perubahan_{name}"


def _into_address(name: str) -> None:
    st.query_params[name] = st.session_state[_key(name)]


def _answer(answer: Difference) -> None:
    """The two counts, the bridge between them, and the parts in words that add up."""
    city = answer.city
    with numbers.card("why"):
        with numbers.title_line(
            t("{cohort}: {a} pada {at_a}, {b} pada {at_b}",
              cohort=load_programme().cohorts.by_id[answer.cohort].shown(),
              a=formats.number(city.covered_a), at_a=formats.month(answer.a.at),
              b=formats.number(city.covered_b), at_b=formats.month(answer.b.at))
        ):  # fmt: skip
            definitions.button(
                "uraian_perubahan", as_of=answer.b.as_of,
                values=((t("Rilis"), literal(f"{answer.a.release} → {answer.b.release}")),),
            )  # fmt: skip
        left, right = st.columns([1.1, 1], gap="medium", vertical_alignment="center")
        with left:
            exhibit.drawing(
                f'<div class="rk-on-desk">{bridge_svg(answer)}</div>'
                f'<div class="rk-on-phone">{bridge_rows_svg(answer)}</div>',
                _words(answer, t("Dari rilis ke rilis, bagian demi bagian")),
                "perubahan_jembatan",
            )
            numbers.show(numbers.small(t("Skala tidak dimulai dari nol.")))
        with right:
            numbers.show(
                table_html(
                    [t("Jenis perubahan"), t("Orang"), t("Siapa")],
                    [
                        [part_label(part), formats.signed(n), part_meaning(part)]
                        for part, n in city.parts.items()
                    ],
                )
                + f'<div class="rk-text">✓ {escape(answer.sum_in_words())}</div>'
                + "".join(numbers.small(remark) for remark in answer.remarks())
                + ("" if answer.whole else numbers.small(t("Hanya kelurahan Anda.")))
            )


def _map(release: data.OpenRelease, answer: Difference) -> None:
    """The change of covered people by kelurahan, on one fixed scale."""
    base = filters.base_map()
    geometry = data.map_geometry(release, "kelurahan", base)
    exhibit.area_map(
        build_base_map(base, data.map_assets()),
        build_layer(
            geometry,
            count_difference_paint(
                geometry, answer.rows, title=t("Perubahan peserta tiap kelurahan"), unit=t("kelurahan"),
                before=formats.month_short(answer.a.at) + " (1)",
                after=formats.month_short(answer.b.at) + " (2)", theme=theme(),
            ),
            theme=theme(),
            attribution=t("Kartogram skematik: satu segi enam untuk tiap kelurahan.")
            if base == "cartogram" else t("Batas resmi kelurahan."),
        ),
        _words(answer, t("Perubahan peserta tiap kelurahan")),
        f"perubahan_peta_{base}", height=MAP_HEIGHT, table=exhibit.ON_PAGE,
    )  # fmt: skip


def _words(answer: Difference, title: str) -> exhibit.Words:
    return exhibit.Words(
        title, t("orang terlindungi"), t("daftar peserta dua rilis"), "uraian_perubahan",
        answer.b.as_of,
        t("{before} sampai {after}", before=formats.month(answer.a.at),
          after=formats.month(answer.b.at)),
    )  # fmt: skip


def _table(answer: Difference) -> None:
    """Every place with its parts, the largest change first; the last row is without a place."""
    moving = {row.code for row in answer.changed}
    rows = [*answer.changed, *(row for row in answer.rows if row.code not in moving)]
    places = [(row.name, row.flow) for row in rows]
    if answer.whole:
        places.append((t("Tanpa lokasi"), answer.unlocated))
    table = pd.DataFrame(
        [
            {"place": name, "a": flow.covered_a, "b": flow.covered_b, "change": flow.change,
             **flow.parts, "pairs": flow.corrected_pairs}
            for name, flow in places
        ]
    )  # fmt: skip
    # What did not happen is an empty cell: the eye finds what did.
    told = ["change", *PARTS, "pairs"]
    table[told] = table[told].astype("Int64").replace(0, pd.NA)
    signed = {
        part: st.column_config.NumberColumn(part_label(part), help=part_meaning(part))
        for part in PARTS
    }
    forms: dict[Any, Any] = dict.fromkeys(("a", "b", "pairs"), formats.number)
    forms |= dict.fromkeys(["change", *PARTS], formats.signed)
    st.dataframe(
        table.style.format(forms, na_rep=""),
        hide_index=True,
        height=MAP_HEIGHT,
        placeholder="",
        column_config={
            # Wide enough for the longest name; left to itself it is as wide as the first rows need.
            "place": st.column_config.TextColumn(t("Kelurahan"), pinned=True, width=135),
            "a": st.column_config.NumberColumn(formats.month_short(answer.a.at) + " (1)"),
            "b": st.column_config.NumberColumn(formats.month_short(answer.b.at) + " (2)"),
            "change": st.column_config.NumberColumn(t("Selisih")),
            **signed,
            "pairs": st.column_config.NumberColumn(
                t("NIK diganti"), help=t("dipasangkan satu-satu, tidak mengubah jumlah")
            ),
        },
    )
