"""The tables that can be imported, their columns, and the headers that offices write.

Contract section 2. A column's `kind` says which reader of `domain.cells` (or of the vocabulary
and the gazetteer) gives its text a meaning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property

from jambi_dash.domain.areas import load_city
from jambi_dash.domain.programme import plain


@dataclass(frozen=True)
class Column:
    """One column: its name in the contract, its kind, and other headers for it."""

    name: str
    kind: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One table: its columns, and which of them a sheet must have to be this table."""

    name: str
    label: str
    needed: tuple[str, ...]
    columns: tuple[Column, ...]
    least: tuple[str, ...] = ()
    """Fewer columns that are enough where no other table is meant; what they lack is filled in."""

    @cached_property
    def by_header(self) -> dict[str, str]:
        """Column names by the plain form of every header that means them."""
        more = load_city().headers
        return {
            plain(header): column.name
            for column in self.columns
            for header in (column.name, *column.synonyms, *more.get(column.name, ()))
        }

    @cached_property
    def kinds(self) -> dict[str, str]:
        """The kind of each column by its name."""
        return {column.name: column.kind for column in self.columns}

    def is_second_choice(self, header: str) -> bool:
        """Whether another header of the same meaning goes before this one."""
        return plain(header) in _SECOND_CHOICES

    def column_of(self, header: str) -> str | None:
        """The column that a header means; what stands in brackets does not count."""
        if len(header) > _LONGEST_HEADER:
            return None
        for text in (header, re.sub(r"[(\[{].*?[)\]}]", "", header), header.partition("/")[0]):
            if (word := plain(text)) and word in self.by_header:
                return self.by_header[word]
        return None


# A longer text is no header, and not worth searching for brackets.
_LONGEST_HEADER = 200

# The place where a person lives, by its name, goes before a code or the place on the card.
_SECOND_CHOICES = frozenset(
    plain(header)
    for header in ("kode kelurahan", "kelurahan ktp", "kelurahan asal", "kecamatan ktp")
)

_KELURAHAN = Column("kelurahan", "place", (
    "kel", "kelurahan desa", "desa kelurahan", "desa", "kel desa", "desa kel", "nama kelurahan",
    "kelurahan domisili", "kel domisili", "kelurahan tempat tinggal", "kelurahan/desa",
    "kelurahan asal", "kelurahan ktp", "kode kelurahan", "alamat kelurahan",
))  # fmt: skip
_KECAMATAN = Column("kecamatan", "text", (
    "kec", "nama kecamatan", "kecamatan domisili", "kec domisili", "kecamatan ktp",
))  # fmt: skip
_RT = Column("rt", "rt", (
    "no rt", "nomor rt", "rt rw", "no rt rw", "rukun tetangga", "rt domisili", "rt ke", "nama rt",
    "rt no", "nort",
))  # fmt: skip

PESERTA = Table("peserta", "Peserta", ("nik", "nama", "kelurahan"), (
    Column("nik", "nik", (
        "no ktp", "nomor ktp", "no nik", "nomor nik", "nik no ktp", "nik ktp", "ktp", "nik sesuai ktp",
        "no identitas", "nomor identitas", "nomor induk kependudukan", "no induk kependudukan",
        "nik peserta", "nik pekerja", "no ktp nik", "e ktp", "no e ktp", "nomor nik ktp",
    )),
    Column("nama", "text", (
        "nama lengkap", "nama peserta", "nama pekerja", "nama sesuai ktp", "nama tenaga kerja",
        "nama lengkap sesuai ktp", "nama penerima", "nama pekerja rentan", "nama lengkap peserta",
    )),
    _KELURAHAN,
    Column("tanggal_lahir", "date", (
        "tgl lahir", "tanggal lahir", "tgl lhr", "tl", "tanggal lhr", "lahir", "tanggal kelahiran",
        "tgl kelahiran", "tgllahir", "birth date",
    )),
    Column("jenis_kelamin", "sex", (
        "l p", "lp", "jk", "jenis kelamin", "kelamin", "sex", "gender", "j k", "jns kelamin",
        "lk pr", "jenkel",
    )),
    Column("pekerjaan", "occupation", (
        "jenis pekerjaan", "profesi", "mata pencaharian", "kerja", "bidang pekerjaan",
        "pekerjaan utama", "jns pekerjaan", "usaha", "jenis usaha",
    )),
    _KECAMATAN,
    _RT,
    Column("kelompok", "cohort", (
        "kohort", "cohort", "kelompok peserta", "jenis peserta", "kategori", "kategori peserta",
        "segmen", "golongan", "program peserta", "kelompok pekerja",
    )),
    Column("tahap", "worker_stage", (
        "status tahap", "tahapan", "tahap verifikasi", "status", "status kepesertaan",
        "status peserta", "status usulan", "status verifikasi", "tahap usulan", "posisi usulan",
    )),
    Column("sumber_dana", "label", (
        "sumber pendanaan", "dana", "sumber anggaran", "pendanaan", "sumber biaya", "sumber iuran",
        "pembayar", "dibayar oleh", "sumber dana iuran",
    )),
    Column("mulai", "month", (
        "bulan mulai", "mulai bayar", "mulai iuran", "mulai kepesertaan", "tmt", "bulan awal",
        "iuran mulai", "mulai bulan", "bulan pertama", "awal kepesertaan", "mulai aktif",
        "tanggal mulai", "tgl mulai", "periode mulai", "bulan iuran pertama", "mulai dibayar",
    )),
    Column("sampai", "month", (
        "bulan akhir", "bulan sampai", "sampai dengan", "s d", "sd", "akhir", "selesai", "berakhir",
        "bulan berakhir", "akhir kepesertaan", "sampai bulan", "tanggal akhir", "tgl akhir",
        "bulan terakhir", "periode akhir", "bulan iuran terakhir", "akhir iuran",
    )),
    Column("penghasilan", "income", (
        "pendapatan", "gaji", "upah", "penghasilan per bulan", "penghasilan bulanan",
        "pendapatan per bulan", "penghasilan rp", "dasar upah",
    )),
    Column("alasan", "reason", (
        "alasan ditolak", "alasan penolakan", "alasan tolak", "alasan dikembalikan",
        "alasan pengembalian", "alasan kembali", "alasan nonaktif", "alasan keluar",
    )),
), least=("nik", "nama"))  # fmt: skip

RT = Table("rt", "Daftar RT", ("kelurahan", "rt"), (
    _KELURAHAN,
    _RT,
    _KECAMATAN,
    Column("jumlah_kk", "count", (
        "kk", "jml kk", "jumlah kepala keluarga", "jumlah keluarga", "banyak kk", "total kk",
        "kepala keluarga",
    )),
    Column("perkiraan_pekerja_rentan", "count", (
        "perkiraan pekerja", "pekerja rentan", "jumlah pekerja rentan", "jml pekerja rentan",
        "estimasi pekerja rentan", "perkiraan rentan", "estimasi pekerja", "perkiraan pr",
    )),
    Column("percontohan", "yes", ("pilot", "rt percontohan", "rt pilot", "pilot project", "contoh")),
    Column("lat", "decimal", ("lintang", "latitude", "y")),
    Column("lon", "decimal", ("bujur", "longitude", "long", "lng", "x")),
))  # fmt: skip

KAMPUNG_BAHAGIA = Table("kampung_bahagia", "Kampung Bahagia", ("kelurahan", "rt", "tahap", "tanggal"), (
    _KELURAHAN,
    _RT,
    _KECAMATAN,
    Column("tahap", "rt_stage", (
        "tahapan", "status", "kegiatan tahap", "tahap kegiatan", "status tahap", "tahap rt",
    )),
    Column("tanggal", "date", (
        "tgl", "tanggal tahap", "tgl tahap", "tanggal kegiatan", "tgl kegiatan", "waktu",
        "tanggal pelaksanaan",
    )),
    Column("nilai_kegiatan", "rupiah", (
        "nilai", "nilai pekerjaan", "anggaran", "nilai kegiatan rp", "nilai kontrak", "pagu",
        "biaya kegiatan", "nilai proyek",
    )),
    Column("jumlah_pekerja", "count", (
        "jml pekerja", "pekerja", "banyak pekerja", "jumlah tenaga kerja", "tenaga kerja",
    )),
    Column("tanggal_spk", "date", ("tgl spk", "spk", "tanggal surat perintah kerja")),
    Column("jakon_terdaftar", "yes", (
        "terdaftar jakon", "jakon", "daftar jakon", "jasa konstruksi terdaftar", "terdaftar",
    )),
    Column("jakon_dibayar", "rupiah", (
        "iuran jakon", "jakon dibayar rp", "iuran jakon dibayar", "bayar jakon", "dibayar",
    )),
))  # fmt: skip

SANTUNAN = Table("santunan", "Santunan", ("program", "tanggal", "nilai"), (
    Column("program", "program", ("jenis program", "program jaminan", "jaminan", "jkk jkm")),
    Column("tanggal", "date", (
        "tanggal bayar", "tgl bayar", "tanggal dibayar", "tgl dibayar", "tanggal pembayaran",
        "tgl pembayaran", "tgl", "tanggal penyerahan", "tgl penyerahan", "tanggal santunan",
    )),
    Column("nilai", "rupiah", (
        "nilai rp", "nilai santunan", "jumlah santunan", "santunan", "jumlah rp", "nominal",
        "besar santunan", "jumlah dibayar", "manfaat", "nilai manfaat", "jumlah",
    )),
    _KELURAHAN,
    _KECAMATAN,
    _RT,
    Column("kelompok", "cohort", ("kohort", "kelompok peserta", "kategori", "segmen")),
    Column("tanggal_kejadian", "date", (
        "tgl kejadian", "tanggal meninggal", "tgl meninggal", "tanggal kecelakaan",
        "tgl kecelakaan", "tanggal peristiwa",
    )),
    Column("jenis", "label", ("jenis santunan", "jenis manfaat", "jenis klaim", "keterangan jenis")),
))  # fmt: skip

# What BPJS Ketenagakerjaan says of people: who is a member, by NIK alone.
BPJS = Table("bpjs", "Status BPJS", ("nik", "status"), (
    PESERTA.columns[0],
    Column("status", "membership", (
        "status kepesertaan", "status peserta", "status bpjs", "status bpjs ketenagakerjaan",
        "status keaktifan", "status aktif", "keaktifan", "aktif", "aktif nonaktif", "status tk",
        "status bpjstk", "status bpu", "keterangan status",
    )),
    Column("bulan", "month", (
        "bulan status", "bulan data", "periode", "periode data", "bulan iuran", "bulan tahun",
        "periode iuran", "per bulan", "posisi bulan",
    )),
    Column("tanggal", "date", (
        "tgl", "per tanggal", "tanggal data", "tgl data", "tanggal status", "tgl status",
        "posisi data", "posisi tanggal", "tanggal posisi",
    )),
))  # fmt: skip

# The number of a BPJS card names a person: it is seen, said, and never read.
PARTICIPANT_NUMBERS = frozenset(
    plain(header)
    for header in (
        "kpj", "no kpj", "nomor kpj", "no peserta", "nomor peserta", "no kartu", "nomor kartu",
        "no kepesertaan", "nomor kepesertaan", "no kartu peserta", "nomor kartu peserta",
        "no kartu peserta jamsostek", "kartu peserta jamsostek", "no peserta bpjs", "no bpjs",
        "nomor peserta bpjs", "no bpjstk", "nomor bpjs ketenagakerjaan", "no bpjs ketenagakerjaan",
        "no peserta bpjs ketenagakerjaan", "nomor peserta bpjs ketenagakerjaan", "kode peserta",
        "id peserta", "no jamsostek", "nomor jamsostek", "no kartu bpjs", "nomor kartu bpjs",
    )
)  # fmt: skip

# In the order in which a sheet is tried: what a claims list needs, no roster has, and so on down. A
# list of BPJS comes last: a sheet with names and kelurahan is a roster, whatever its status is called.
TABLES = (SANTUNAN, PESERTA, KAMPUNG_BAHAGIA, RT, BPJS)
TABLE_BY_NAME = {table.name: table for table in TABLES}
