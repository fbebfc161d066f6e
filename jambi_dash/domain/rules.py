"""Every rule that decides the fate of an imported row, with its words for people.

The ids, their outcome and their order are contract section 3. A rejected row has one deciding
rule, the first of `PESERTA_REJECTIONS` that holds; warnings add up.
"""

from __future__ import annotations

from dataclasses import dataclass

from jambi_dash.domain.language import t

PESERTA_REJECTIONS = (
    "nik_rusak_excel",
    "nik_panjang",
    "nik_tidak_sah",
    "usia_65",
    "tahap_tidak_dikenal",
    "kelompok_tidak_dikenal",
    "mulai_tidak_sah",
    "ganda",
)
PESERTA_WARNINGS = (
    "nik_kosong",
    "nik_tanggal_beda",
    "nik_kelamin_beda",
    "ganda_program",
    "lokasi_diperbaiki",
    "lokasi_tidak_dikenal",
    "kecamatan_beda",
    "rt_tidak_dikenal",
    "usia_bawah_18",
    "tanggal_tidak_sah",
)

AGE_LIMIT_YEARS = 65
"""First payment is possible up to 64 years 11 months (facts.md 5.03, 5.04)."""
ADULT_YEARS = 18


@dataclass(frozen=True)
class RuleText:
    """What a rule found and how the sender mends it, in the reader's language."""

    found: str
    mend: str


def table_label(name: str) -> str:
    """The name of an importable table for people."""
    return {
        "peserta": t("Peserta"),
        "rt": t("Daftar RT"),
        "kampung_bahagia": t("Kampung Bahagia"),
        "santunan": t("Santunan"),
        "bpjs": t("Status BPJS"),
    }.get(name, name)


def rule_text(rule: str) -> RuleText:
    """The words for one rule id; an id without words of its own is shown as it is."""
    texts = {
        "nik_rusak_excel": (
            t("NIK rusak oleh Excel: angka terakhirnya hilang"),
            t("Ubah kolom NIK menjadi Teks, lalu ketik ulang 16 angka dari KTP."),
        ),
        "nik_panjang": (
            t("NIK tidak 16 angka"),
            t("Periksa NIK pada KTP dan ketik lengkap 16 angka."),
        ),
        "nik_tidak_sah": (
            t("NIK tidak sah: provinsi, tanggal lahir, atau nomor urutnya salah"),
            t("Periksa NIK pada KTP; ada angka yang tertukar atau salah ketik."),
        ),
        "usia_65": (
            t("Sudah 65 tahun atau lebih pada bulan iuran pertama"),
            t("Ganti dengan pekerja yang belum 65 tahun, atau perbaiki tanggal lahirnya."),
        ),
        "tahap_tidak_dikenal": (
            t("Tahap tidak dikenal"),
            t("Pakai: diusulkan, verifikasi kelurahan, verifikasi kecamatan, ditetapkan, aktif, "
              "ditolak, atau nonaktif."),
        ),
        "kelompok_tidak_dikenal": (
            t("Kelompok tidak dikenal"),
            t("Pakai: pekerja rentan, petugas keagamaan, ketua RT, PHL, guru ngaji, atau "
              "pengurus RT."),
        ),
        "mulai_tidak_sah": (
            t("Bulan mulai tidak dapat dibaca, atau bulan terakhir mendahului bulan mulai"),
            t("Tulis bulan seperti 2025-06 atau Juni 2025; bulan terakhir tidak boleh sebelum "
              "bulan mulai."),
        ),
        "ganda": (
            t("Orang yang sama sudah ada dalam kelompok ini"),
            t("Hapus baris yang berulang; baris pertama yang dipakai."),
        ),
        "nik_kosong": (
            t("NIK kosong"),
            t("Lengkapi NIK; tanpa NIK orang ini hanya dikenali dari nama, tanggal lahir, dan "
              "kelurahan."),
        ),
        "nik_tanggal_beda": (
            t("Tanggal lahir tidak sama dengan NIK"),
            t("Cocokkan dengan KTP; NIK tidak berubah walau tanggal lahir pernah diperbaiki."),
        ),
        "nik_kelamin_beda": (
            t("Jenis kelamin tidak sama dengan NIK"),
            t("Cocokkan kolom L/P dengan KTP."),
        ),
        "ganda_program": (
            t("Orang yang sama ada di dua kelompok"),
            t("Pastikan iurannya tidak dibayar dua kali."),
        ),
        "lokasi_diperbaiki": (
            t("Nama kelurahan diperbaiki dari ejaan lain"),
            t("Pakai nama resmi kelurahan."),
        ),
        "lokasi_tidak_dikenal": (
            t("Kelurahan tidak dikenal"),
            t("Isi kelurahan domisili dengan nama resmi; sementara dihitung tanpa lokasi."),
        ),
        "kecamatan_beda": (
            t("Kelurahan ini terletak di kecamatan lain"),
            t("Perbaiki kecamatannya; kelurahan yang dipakai."),
        ),
        "rt_tidak_dikenal": (
            t("RT kosong atau tidak ada dalam daftar RT"),
            t("Isi nomor RT menurut daftar RT; sementara hanya dihitung di kelurahan."),
        ),
        "usia_bawah_18": (
            t("Belum 18 tahun pada bulan iuran pertama"),
            t("Periksa tanggal lahir."),
        ),
        "tanggal_tidak_sah": (
            t("Tanggal tidak dapat dibaca"),
            t("Tulis tanggal seperti 22/05/2025."),
        ),
        "rt_tidak_sah": (
            t("Nomor RT tidak dapat dibaca"),
            t("Tulis nomor RT seperti 022."),
        ),
        "program_tidak_dikenal": (
            t("Program bukan JKK atau JKM"),
            t("Isi JKK atau JKM."),
        ),
        "nilai_tidak_sah": (
            t("Nilai rupiah tidak dapat dibaca"),
            t("Tulis nilai seperti 42.000.000."),
        ),
        "tanggal_mendatang": (
            t("Tanggal sesudah tanggal data"),
            t("Periksa tanggalnya; kejadian ini belum dihitung sebelum tanggal itu."),
        ),
        "angka_tidak_sah": (
            t("Angka tidak dapat dibaca"),
            t("Tulis angka bulat tanpa huruf."),
        ),
        "status_tidak_dikenal": (
            t("Status BPJS bukan aktif atau nonaktif"),
            t("Isi aktif atau nonaktif."),
        ),
        "status_beda": (
            t("Orang yang sama aktif dan nonaktif pada bulan yang sama"),
            t("Mintakan status terakhirnya; baris pertama yang dipakai."),
        ),
        "di_luar_bagian": (
            t("Di luar bagian yang diganti oleh impor ini; diabaikan atas permintaan"),
            t("Kirim baris ini bersama daftar kelurahannya."),
        ),
        "tahap_mundur": (
            t("Tahap lebih awal daripada tahap yang sudah tercatat sebelumnya"),
            t("Periksa urutan tahap dan tanggalnya."),
        ),
    }  # fmt: skip
    found = texts.get(rule)
    return RuleText(*found) if found else RuleText(rule, "")
