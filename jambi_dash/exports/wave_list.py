"""The plan of waves as a workbook to hand on: the RTs in their order, the months, what it is."""

from __future__ import annotations

from io import BytesIO

from jambi_dash.domain import formats
from jambi_dash.domain.areas import load_areas
from jambi_dash.domain.language import t
from jambi_dash.domain.waves import WavePlan, WaveWeights
from jambi_dash.exports.workbook import Cell, fill, header_format, number_format, open_workbook


def wave_workbook(
    plan: WavePlan, weights: WaveWeights, *, release: str, day: str, synthetic: bool
) -> bytes:
    """The XLSX file of a plan, in the reader's language; rupiah are whole numbers.

    `day` is the date from which the plan starts, in words; `synthetic` marks invented data.
    """
    file = BytesIO()
    with open_workbook(file) as book:
        head = header_format(book)
        money = book.add_format({"num_format": number_format("count")})
        areas = load_areas()
        rows = book.add_worksheet(t("RT"))
        titles = [
            t("Urutan"), t("Bulan"), t("Kecamatan"), t("Kelurahan"), t("RT"), t("Kode"),
            t("Jumlah KK"), t("Kelas"), t("Belum terlindungi"), t("Skor"), t("Kebutuhan"),
            t("Pemerataan"), t("Kedekatan"), t("Ukuran"), t("Pagu paling banyak (Rp)"),
            t("Iuran jasa konstruksi pada pagu (Rp)"),
        ]  # fmt: skip
        picks: list[list[Cell]] = [
            [
                pick.order, formats.month(pick.month),
                areas.by_code[pick.rt.kelurahan_code].kecamatan_name,
                areas.name_of(pick.rt.kelurahan_code), areas.name_of(pick.rt.code), pick.rt.code,
                pick.rt.household_count, pick.rt.size.label.shown(), pick.rt.need, pick.score,
                pick.need, pick.fairness, pick.nearness, pick.size, pick.rt.size.ceiling_idr,
                pick.rt.cover_due_idr,
            ]
            for pick in plan.picks
        ]  # fmt: skip
        fill(rows, titles, picks, head)
        rows.set_column(14, 15, 20, money)
        rows.autofilter(0, 0, max(len(picks), 1), len(titles) - 1)
        months = book.add_worksheet(t("Bulan"))
        fill(
            months,
            [t("Bulan"), t("RT baru"), t("Sudah bergabung"), t("Pagu paling banyak (Rp)"),
             t("Iuran jasa konstruksi pada pagu (Rp)")],
            [
                [formats.month(m.month), m.new, m.joined, m.ceiling_idr, m.cover_due_idr]
                for m in plan.months
            ],
            head,
        )  # fmt: skip
        months.set_column(3, 4, 24, money)
        about: list[list[Cell]] = [
            [t("Keadaan per"), day],
            [t("Rilis"), release],
            [t("RT yang tidak terjangkau rencana ini"), plan.left],
            [t("Bobot kebutuhan"), weights.need],
            [t("Bobot pemerataan"), weights.fairness],
            [t("Bobot kedekatan"), weights.nearness],
            [t("Bobot ukuran"), weights.size],
        ]
        if synthetic:
            about.insert(0, [t("DATA CONTOH – bukan data sebenarnya"), ""])
        fill(book.add_worksheet(t("Keterangan")), [t("Hal"), t("Isi")], about, head)
    return file.getvalue()
