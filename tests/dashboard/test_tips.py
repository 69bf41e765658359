from dashboard.tips import blocks


def test_paragraphs_bold_words_and_lists_are_kept() -> None:
    assert blocks("One **dose**,\ntwo.\n\n- first\n- **second**") == [
        {"kind": "p", "runs": [(False, "One "), (True, "dose"), (False, ", two.")]},
        {"kind": "li", "runs": [(False, "first")]},
        {"kind": "li", "runs": [(True, "second")]},
    ]


def test_html_in_a_tip_stays_text() -> None:
    assert blocks("<script>x</script>") == [{"kind": "p", "runs": [(False, "<script>x</script>")]}]


def test_an_empty_tip_has_no_blocks() -> None:
    assert blocks(" \n") == []
