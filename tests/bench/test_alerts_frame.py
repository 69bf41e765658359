import numpy as np
import pandas as pd
import pytest

from bench.alerts import main
from bench.alerts_frame import IMPOSSIBLE, UNSAID, scored


def frame(months=30, facilities=("a", "b", "c"), items=("pill", "implant")):
    """Poisson counts of some items at some facilities of two districts, one of them times ten."""
    chance = np.random.default_rng(0)
    rows = [
        (facility, "north" if facility < "c" else "south", item, 100 * (2020 + m // 12) + m % 12 + 1)
        for facility in facilities
        for item in items
        for m in range(months)
    ]
    found = pd.DataFrame(rows, columns=["facility", "district", "item", "month"])
    found["value"] = chance.poisson(40, len(found)).astype(float)
    found.loc[50, "value"] = 400
    return found


def test_the_mistake_has_the_highest_score_and_every_row_has_one():
    scores = scored(frame())
    assert scores.idxmax() == 50
    assert len(scores) == 180 and scores.notna().all()


def test_the_order_of_rows_says_nothing():
    whole = frame()
    mixed = whole.sample(frac=1, random_state=1)
    np.testing.assert_allclose(scored(mixed).reindex(whole.index), scored(whole), rtol=1e-3, atol=0.02)


@pytest.mark.parametrize(
    "turned",
    [
        lambda month: pd.to_datetime(month.astype(str), format="%Y%m"),
        lambda month: month.astype(str),
        lambda month: month.astype(str).str[:4] + "-" + month.astype(str).str[4:] + "-28",
        lambda month: month * 100 + 15,
        lambda month: month.astype(float),
        lambda month: month.astype("Int64").astype("string[pyarrow]"),
        lambda month: pd.PeriodIndex(month.astype(str).str[:4] + "-" + month.astype(str).str[4:], freq="M"),
        lambda month: (month // 100).astype(str) + "-" + (month % 100).astype(str),
        lambda month: (month % 100).astype(str) + "/" + (month // 100).astype(str),
        lambda month: pd.to_datetime(month.astype(str), format="%Y%m").dt.strftime("01/%m/%Y"),
        lambda month: pd.to_datetime(month.astype(str), format="%Y%m").dt.strftime("%b %Y"),
        lambda month: (month // 100 - 2020) * 12 + month % 100 - 1,
        lambda month: pd.to_datetime(month.astype(str), format="%Y%m").dt.strftime("%b-%y"),
        lambda month: pd.to_datetime(month.astype(str), format="%Y%m").dt.strftime("%m/01/%Y"),
        lambda month: pd.to_datetime(month.astype(str), format="%Y%m").dt.tz_localize("UTC"),
        lambda month: pd.to_datetime(month.astype(str), format="%Y%m").dt.date,
        lambda month: pd.to_datetime(month.astype(str), format="%Y%m").astype("datetime64[ms]").astype(int),
        lambda month: month.astype("category"),
    ],
)
def test_months_may_be_numbers_dates_or_texts(turned):
    whole = frame()
    np.testing.assert_allclose(scored(whole.assign(month=turned(whole["month"]))), scored(whole))


def test_columns_of_which_nothing_is_known_change_nothing():
    whole = frame()
    more = whole.assign(partner=np.nan, closing=np.nan, stockout_days=None)
    np.testing.assert_allclose(scored(more), scored(whole), atol=1e-5)


def test_without_districts_and_items_it_scores_as_well():
    assert scored(frame(items=("pill",)).drop(columns=["district", "item"])).idxmax() == 50


def test_gaps_repeated_rows_and_rows_without_a_place_are_borne():
    rows = frame()
    rows = rows.drop(index=range(10, 14))
    odd = pd.DataFrame({"facility": [None, "a", "zz"], "item": "pill", "month": [202001, 209913, 202001]})
    mixed = pd.concat([rows, rows.iloc[:5], odd.assign(value=3.0)], ignore_index=True)
    scores = scored(mixed)
    assert len(scores) == len(mixed) and scores.notna().all()
    assert (scores.iloc[-3:] == UNSAID).all()


def test_of_very_little_nothing_is_said():
    assert (scored(frame(months=3)) == UNSAID).all()
    assert scored(frame().iloc[:0]).empty


@pytest.mark.parametrize(
    "turned",
    [
        lambda rows: rows.astype({"facility": "category", "district": "category", "item": "category"}),
        lambda rows: rows.assign(facility=rows["facility"].map(ord), item=rows["item"].map(len)),
        lambda rows: rows.convert_dtypes(dtype_backend="pyarrow"),
        lambda rows: rows.assign(value=rows["value"].astype(str)),
        lambda rows: rows.set_index(["facility", "item", "month"]),
        lambda rows: rows.rename(columns=str.upper),
        lambda rows: rows.assign(more="x"),
    ],
)
def test_any_type_of_column_says_the_same(turned):
    whole = frame()
    np.testing.assert_allclose(scored(turned(whole)), scored(whole), atol=1e-5)


@pytest.mark.parametrize(
    "turned",
    [
        lambda rows: rows.iloc[:1],
        lambda rows: rows[rows["month"] <= 202005],
        lambda rows: rows[rows["facility"] == "a"],
        lambda rows: rows.assign(value=0),
        lambda rows: rows.assign(value=np.nan),
        lambda rows: rows.assign(value=np.where(rows.index % 9 == 0, np.inf, -rows["value"])),
        lambda rows: rows.assign(value=rows["value"] * 1e9, closing="7", stockout_days=True),
        lambda rows: rows.assign(closing=-3.0, partner=rows["value"].where(rows.index % 2 == 0)),
        lambda rows: rows.assign(district=None, item=np.where(rows.index % 3 == 0, None, "pill")),
        lambda rows: rows.set_index(np.zeros(len(rows), dtype=int)),
    ],
)
@pytest.mark.parametrize("of_pairs", [False, True])
def test_whatever_is_handed_in_every_row_has_a_number_in_its_place(turned, of_pairs):
    rows = turned(frame())
    scores = scored(rows, of_pairs=of_pairs)
    assert scores.index.equals(rows.index) and np.isfinite(scores).all()


def test_a_month_of_another_century_takes_nothing_from_the_others():
    whole = frame()
    strays = whole.iloc[:2].assign(month=[190001, 999912])
    scores = scored(pd.concat([whole, strays], ignore_index=True))
    assert scores.idxmax() == 50
    assert (scores.iloc[-2:] == UNSAID).all()


def test_a_missing_column_is_named():
    with pytest.raises(KeyError, match="no column value"):
        scored(frame().drop(columns="value"))


def test_of_two_figures_of_one_month_each_row_is_scored_as_what_it_says():
    whole = frame()
    both = pd.concat([whole, whole.iloc[[50]].assign(value=41.0)], ignore_index=True)
    scores = scored(both)
    assert scores.idxmax() == 50 and scores[50] > 0 > scores.iloc[-1]
    turned = scored(both.iloc[::-1])
    assert turned.idxmax() == 50 and turned.loc[180] < 0


def test_less_than_nothing_is_the_surest_mistake_of_all():
    rows = frame()
    rows.loc[[7, 90], "value"] = [-35.0, -0.5]
    scores = scored(rows)
    assert (scores[[7, 90]] == IMPOSSIBLE).all() and scores.drop([7, 90]).idxmax() == 50
    assert scores.drop([7, 90]).max() < IMPOSSIBLE


def told(capsys, monkeypatch, *arguments):
    """What `python -m bench.alerts` answers: its code, what it says, and what it complains of."""
    monkeypatch.setattr("sys.argv", ["bench.alerts", *map(str, arguments)])
    code, said = main(), capsys.readouterr()
    return code, said.out, said.err


def test_a_file_is_scored_row_by_row_and_what_is_not_scored_is_counted(tmp_path, capsys, monkeypatch):
    rows = frame().sample(frac=1, random_state=4).reset_index(drop=True)
    rows.loc[3, "value"], rows.loc[5, "facility"], rows.loc[11, "value"] = np.nan, None, -2
    rows["month"] = rows["month"].astype(str).where(rows.index != 7, "unknown")
    rows.to_parquet(tmp_path / "in.parquet")
    code, said, wrong = told(capsys, monkeypatch, "score", tmp_path / "in.parquet", tmp_path / "out.parquet")
    scores = pd.read_parquet(tmp_path / "out.parquet")["score"]
    assert (code, wrong) == (0, "") and len(scores) == len(rows)
    assert scores.index[scores == UNSAID].tolist() == [3, 5, 7] and scores.idxmax() == 11
    for words in (
        "180 rows, 177 scored",
        "1 without a facility",
        "1 whose month",
        "1 whose value",
        "1 below",
    ):
        assert words in said


@pytest.mark.parametrize("wrong", ["no column value", "no such file", "Parquet"])
def test_what_cannot_be_scored_is_said_in_a_line_and_writes_nothing(tmp_path, capsys, monkeypatch, wrong):
    source, target = tmp_path / "in.parquet", tmp_path / "out.parquet"
    if wrong == "no column value":
        frame().drop(columns="value").to_parquet(source)
    elif wrong == "Parquet":
        source.write_text("no parquet")
    code, _, complaint = told(capsys, monkeypatch, "score", source, target)
    assert code == 1 and wrong in complaint and complaint.count("\n") == 1
    assert not target.exists()
