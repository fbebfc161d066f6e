"""What a kelurahan has to mend and to do: counts and rules, never a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from jambi_dash.domain.coverage import ReconciliationError
from jambi_dash.domain.language import t


@dataclass(frozen=True)
class MendRow:
    """Rows of an imported table that one rule turned away (`reject`) or warned of (`warn`)."""

    table: str
    rule: str
    outcome: str
    rows: int


@dataclass(frozen=True)
class Task:
    """People of the kelurahan for whom something is to be done; `id` has its words in `task_text`."""

    id: str
    people: int


@dataclass(frozen=True)
class MendSheet:
    """One kelurahan (`code` "": rows whose kelurahan cannot be told)."""

    code: str
    name: str
    kecamatan: str
    rows: tuple[MendRow, ...]
    tasks: tuple[Task, ...]

    @property
    def rejected(self) -> int:
        """Rows that were turned away."""
        return sum(row.rows for row in self.rows if row.outcome == "reject")

    @property
    def warned(self) -> int:
        """Rows that were accepted with a remark; one with two remarks counts twice."""
        return sum(row.rows for row in self.rows if row.outcome != "reject")

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to mend and nothing to do."""
        return not self.rows and not self.tasks


@dataclass(frozen=True)
class MendBook:
    """The sheets of all kelurahan that were asked for, in the order of their codes."""

    release: str
    as_of: date
    synthetic: bool
    sheets: tuple[MendSheet, ...]

    def check(self, findings: int) -> None:
        """Raises `ReconciliationError` unless the sheets hold all findings."""
        held = sum(sheet.rejected + sheet.warned for sheet in self.sheets)
        if held != findings:
            raise ReconciliationError(f"mend sheets: {held} != {findings}")


def task_text(task: str) -> tuple[str, str]:
    """What a task is about, and what to do, in the reader's language."""
    return {
        "menunggu_kelurahan": (
            t("Usulan RT menunggu verifikasi kelurahan"),
            t("Periksa dan teruskan ke kecamatan, atau tolak dengan alasan."),
        ),
        "tertahan": (
            t("Usulan tertahan lama di satu tahap"),
            t("Cari tahu di meja siapa usulan berhenti; lanjutkan atau tolak dengan alasan."),
        ),
        "dikembalikan": (
            t("Usulan dikembalikan dengan alasan"),
            t("Lengkapi seperti yang diminta, lalu kirim kembali."),
        ),
        "hampir_gugur": (
            t("Iuran terhenti, keanggotaan akan berakhir"),
            t("Pastikan iurannya dibayar sebelum tiga bulan lewat, atau usulkan pengganti."),
        ),
        "dibayar_ganda": (
            t("Dibayar di lebih dari satu daftar"),
            t("Tentukan daftar mana yang membayar; keluarkan dari yang lain."),
        ),
        "bpjs_nonaktif": (
            t("Dibayar, tetapi nonaktif menurut BPJS"),
            t("Tanyakan ke BPJS Ketenagakerjaan mengapa pembayarannya tidak sampai."),
        ),
        "bpjs_tidak_ditemukan": (
            t("Dibayar, tetapi tidak ada di daftar BPJS"),
            t("Cocokkan NIK dengan KTP, lalu tanyakan pendaftarannya."),
        ),
    }[task]
