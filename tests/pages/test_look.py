"""What several pages draw in the same way."""

from __future__ import annotations

from jambi_dash.ui.look import table_html


def test_cells_with_sentences_say_their_column_for_a_phone() -> None:
    wordy = table_html(["A", "B<", "C"], [["x", "1", "a sentence that needs a line of its own"]])
    assert "rk-words" in wordy
    assert '<td data-head="B&lt;">1</td>' in wordy
    assert "data-head" not in table_html(["A", "B", "C"], [["x", "1", "2"]])


def test_columns_of_figures_stand_right_and_codes_do_not() -> None:
    said = table_html(["A", "B", "C", "D"], [["x", "Rp1,5 juta", "80c07087b028", "1 Mei 2025"]])
    assert 'class="rk-grid rk-n2"' in said
