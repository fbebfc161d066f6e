"""Dasbor Jamsostek Pekerja Rentan: from the offices' lists to one set of numbers."""

__version__ = "0.1.0"
