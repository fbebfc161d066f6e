"""A refusal is a sentence, whatever a file put into it."""

from jambi_dash.domain.refusal import Refusal


def test_a_usual_sentence_stays_as_it_is() -> None:
    sentence = "Kunci pekerja tidak dikenal; hapus dari skenario."
    assert str(Refusal(sentence)) == sentence


def test_words_without_end_are_cut_and_the_mend_stays() -> None:
    told = str(Refusal(f"Kunci {'A' * 9000} tidak dikenal; hapus kunci itu."))
    assert len(told) < 200
    assert told.endswith("… tidak dikenal; hapus kunci itu.")


def test_many_words_are_cut() -> None:
    assert len(str(Refusal("kata " * 9000))) == 600
