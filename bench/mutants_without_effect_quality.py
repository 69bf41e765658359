"""Of the rules of data quality, the faults that change nothing anybody could see, each with the reason."""

from __future__ import annotations

OTHER_WEIGHTS = "other weights at random: equal forms have equal sums, and others not but once in 2**64"
IN_QUALITY: dict[tuple[str, str, str], str] = {
    **{
        (
            "indicators/quality_patterns.py",
            (
                "weights = np.random.default_rng(8).integers(1, 2**63, (len(FLOWS), len(book.items)), "
                "dtype=np.uint64)"
            ),
            what,
        ): OTHER_WEIGHTS
        for what in ("8  ->  9", "1  ->  2", "63  ->  64")
    },
    (
        "indicators/quality_patterns.py",
        "mark += sheets.total(values.astype(np.uint64) * weight[book.item][:, None])",
        (
            "mark += sheets.total(values.astype(np.uint64) * weight[book.item][:, None])  ->  "
            "mark -= sheets.total(values.astype(np.uint64) * weight[book.item][:, None])"
        ),
    ): "sums with the other sign are equal where the sums are",
    (
        "indicators/quality_patterns.py",
        "group = sheets.form[rows] * mark.shape[1] + columns",
        "sheets.form[rows] * mark.shape[1] + columns  ->  sheets.form[rows] * mark.shape[1] - columns",
    ): "each form and month has a number of its own either way",
    **{
        (
            "indicators/quality_patterns.py",
            "count = int(form_of.max(initial=0)) + 1",
            what,
        ): "numbers with gaps between them: the same sheets"
        for what in ("0  ->  1", "1  ->  2")
    },
    ("indicators/quality_patterns.py", "size = np.maximum(count, 1)", "1  ->  2"): (
        "of fewer than two dozen figures no share is asked for"
    ),
    (
        "indicators/quality_patterns.py",
        ("told = np.flatnonzero((count >= DIGITS_LEAST) & (score > DIGITS_SCORE) & (share > DIGITS_SHARE))"),
        "score > DIGITS_SCORE  ->  score >= DIGITS_SCORE",
    ): "of 24 to 35 figures no share is just four spreads above one in ten; of more, three tenths are asked",
    (
        "indicators/quality_slips.py",
        "small = (told.ratio < 1) & (told.expected < LEAST_TENTH)",
        "1  ->  2",
    ): "what is near ten or a tenth lies on the same side of 2 as of 1",
    (
        "indicators/quality_slips.py",
        "small = (told.ratio < 1) & (told.expected < LEAST_TENTH)",
        "told.ratio < 1  ->  told.ratio <= 1",
    ): "what is near ten or a tenth is not 1",
    (
        "indicators/quality_slips.py",
        "small = (told.ratio < 1) & (told.value < 1)",
        "told.ratio < 1  ->  told.ratio <= 1",
    ): "what is near a pack's size, or one over it, is not 1",
    (
        "indicators/quality_slips.py",
        "return np.asarray((off <= np.log1p(NEAR)) & (np.asarray(factor) >= 2))",
        "off <= np.log1p(NEAR)  ->  off < np.log1p(NEAR)",
    ): "no difference of two logarithms is that one to its last place",
    (
        "indicators/quality_slips.py",
        "flags = (off >= SWAPPED_FAR) & (nearest <= SWAPPED_NEAR) & (np.abs(told.score) >= FAR_OF_SWAP)",
        "nearest <= SWAPPED_NEAR  ->  nearest < SWAPPED_NEAR",
    ): "no number less 1 is a fifth to its last place",
    (
        "indicators/quality_explained.py",
        "fits = far & (np.abs(back / asked.expected - 1) <= SWAPPED_NEAR) & np.isnan(found)",
        (
            "np.abs(back / asked.expected - 1) <= SWAPPED_NEAR  ->  "
            "np.abs(back / asked.expected - 1) < SWAPPED_NEAR"
        ),
    ): "no number less 1 is a fifth to its last place",
}
