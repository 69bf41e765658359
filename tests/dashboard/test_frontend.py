"""The front-end files: packed, negotiated, kept by the browser."""

import gzip
import json
import logging
import re
import shutil
from pathlib import Path

import brotli
import pytest
from dash import Dash, dcc, html
from flask import Flask, Response
from plotly.offline import get_plotlyjs_version

from dashboard.frontend import BOOTSTRAP, BUILT, SUITES, Built, bootstrap, chart_library, install
from scripts.frontend import DRESSED, PROJECT

PLOTLY = "/_dash-component-suites/plotly/package_data/plotly.min.js"
UNPACK = {"br": brotli.decompress, "gzip": gzip.decompress, "": bytes}


@pytest.fixture
def assets(tmp_path: Path) -> Path:
    folder = tmp_path / "assets"
    folder.mkdir()
    (folder / "look.css").write_text("a { color: blue }\n" * 100)
    return folder


@pytest.fixture
def client(assets):
    server = Flask(__name__)
    install(server)
    app = Dash(__name__, server=server, assets_folder=str(assets))
    app.layout = html.Div([dcc.Graph(id="chart"), html.P("word " * 500)])

    @server.get("/rows")
    def rows() -> Response:
        return Response((line for line in ["a,b\n"] * 1000), mimetype="text/csv")

    @server.get("/short")
    def short() -> str:
        return "short"

    return server.test_client()


def get(client, path, encoding="", **headers):
    return client.get(path, headers={"Accept-Encoding": encoding, **headers})


def scripts_of(client) -> list[str]:
    return re.findall(r'<script src="([^"]+)"', get(client, "/").text)


def test_the_chart_library_is_the_basic_bundle_of_the_version_that_plotly_draws_for(client):
    answer = get(client, PLOTLY)
    banner = answer.data[:400].decode()
    assert "basic" in banner
    assert f"v{get_plotlyjs_version()}" in banner


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, deflate", "gzip"),
        ("br;q=0, gzip", "gzip"),
        ("*", "br"),
        ("identity", ""),
        ("", ""),
    ],
)
@pytest.mark.parametrize("path", [PLOTLY, BOOTSTRAP, "/assets/look.css?m=1", "/_dash-layout"])
def test_an_answer_comes_in_the_best_encoding_that_the_browser_takes(client, path, accepted, encoding):
    plain = get(client, path)
    answer = get(client, path, accepted)
    assert answer.headers.get("Content-Encoding", "") == encoding
    assert UNPACK[encoding](answer.data) == plain.data
    assert "Accept-Encoding" in answer.headers["Vary"]


def test_every_script_of_a_page_was_packed_beforehand(client):
    built = Built.read(BUILT)
    names = [re.sub(r"\.v[\w-]+m[0-9a-f]+\.", ".", path.split("?")[0]) for path in scripts_of(client)]
    suites = [name.removeprefix("/") for name in names if name.startswith(SUITES)]
    assert len(suites) > 5
    assert set(suites) <= built.files


def test_a_script_named_by_its_version_is_kept_for_a_year(client):
    for path in (each for each in scripts_of(client) if each.startswith(SUITES)):
        assert get(client, path, "br").headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_an_asset_named_by_its_age_is_kept_for_a_year_and_another_is_asked_for_again(client):
    assert "max-age=31536000" in get(client, "/assets/look.css?m=1").headers["Cache-Control"]
    for path in ("/assets/look.css", PLOTLY):
        assert set(get(client, path).headers["Cache-Control"].split(", ")) == {"public", "no-cache"}


@pytest.mark.parametrize("path", [PLOTLY, BOOTSTRAP, "/assets/look.css"])
@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
def test_what_the_browser_has_already_is_not_sent_again(client, path, encoding):
    first = get(client, path, encoding)
    again = get(client, path, encoding, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_bootstrap_is_the_locked_version_kept_for_a_year_in_a_layer_and_without_its_reset(client):
    locked = json.loads((BUILT.parents[1] / "package-lock.json").read_text())["packages"]
    assert f"/assets/bootstrap-{locked['node_modules/bootstrap']['version']}.min.css" == BOOTSTRAP
    answer = get(client, BOOTSTRAP)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/css"
    styles = answer.text.split("@layer bootstrap{", 1)[1]
    assert ".btn-primary{" in styles
    assert "--bs-primary:" in styles
    assert re.findall(r"[}](?:body|h1|a|\*)[{,]", styles) == []
    assert styles.count("{") + 1 == styles.count("}")


def test_bootstrap_dresses_the_components_in_use_and_nothing_else(client):
    styles = client.get(BOOTSTRAP).text
    sources = [path.read_text(encoding="utf-8") for path in (PROJECT / "dashboard").rglob("*.py")]
    used = {name for source in sources for name in re.findall(r"\bdbc\.([A-Z]\w+)", source)}
    assert used
    assert used <= set(DRESSED), "Say in scripts/frontend.py how the classes of the new component begin."
    for name in used:
        assert f".{DRESSED[name][0]}" in styles
    assert ".carousel-caption" not in styles
    assert ".d-sm-none" not in styles


def test_an_asset_that_changed_is_sent_anew(client, assets):
    first = get(client, "/assets/look.css", "br")
    (assets / "look.css").write_text("b { color: orange }\n" * 100)
    again = get(client, "/assets/look.css", "br", **{"If-None-Match": first.headers["ETag"]})
    assert brotli.decompress(again.data).startswith(b"b {")


def test_the_page_with_charts_has_their_library_loaded_early(client):
    link = get(client, "/").headers["Link"]
    assert link == f"<{chart_library()}>; rel=preload; as=script; fetchpriority=low"
    assert "Link" not in get(client, "/elsewhere").headers


def test_streams_and_short_answers_are_left_as_they_are(client):
    assert "Content-Encoding" not in get(client, "/rows", "br").headers
    assert "Content-Encoding" not in get(client, "/short", "br").headers


def test_nothing_outside_the_packed_scripts_is_served(client):
    assert get(client, "/_dash-component-suites/dash/../../manifest.json").status_code >= 400


def test_files_packed_for_another_version_are_not_served(tmp_path, caplog):
    shutil.copy(BUILT / "manifest.json", tmp_path)
    assert Built.read(tmp_path).files
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["versions"]["dash"] = "0.1"
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    with caplog.at_level(logging.WARNING):
        assert not Built.read(tmp_path).files
    assert "another version of dash: run ./run --prepare" in caplog.text


def test_without_packed_files_pages_still_work_and_the_log_says_what_to_do(tmp_path, caplog):
    server = Flask(__name__)
    with caplog.at_level(logging.WARNING):
        install(server, tmp_path / "none")
    Dash(__name__, server=server).layout = html.Div()
    answer = get(server.test_client(), PLOTLY, "gzip")
    assert answer.status_code == 200
    assert "lack Bootstrap's styles: run ./run --prepare" in caplog.text


def test_styles_that_were_not_packed_are_not_asked_for(tmp_path, monkeypatch):
    assert f'href="{BOOTSTRAP}?m=' in bootstrap()
    monkeypatch.setattr("dashboard.frontend.BUILT", tmp_path / "none")
    assert bootstrap() == ""
