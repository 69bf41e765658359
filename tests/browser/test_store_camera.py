"""Codes read by the camera: by the browser itself, else by a reader that is loaded; taken as a scanner's."""

import json

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.axe import ALL, violations
from tests.browser.store_desk import item_called, opened, some_article

pytestmark = pytest.mark.browser

POLICY = "content-security-policy"
CODE = f"01{some_article()}1728013110CAM7"
# Debian's Chromium reads no codes: what it would recognise is said here; video, dialog and desk are real.
RECOGNISING = """
window.BarcodeDetector = class {
  static async getSupportedFormats() { return ["data_matrix", "ean_13"]; }
  constructor({ formats }) { this.formats = formats; this.looks = 0; }
  async detect(video) {
    this.looks += 1;
    window.looked = { width: video.videoWidth, formats: this.formats };
    return this.looks > 2 ? [{ rawValue: "%s" }] : [];
  }
};
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement("canvas");
  const paint = canvas.getContext("2d");
  window.setInterval(() => paint.fillRect(0, 0, 9, 9), 50);
  window.stream = canvas.captureStream(20);
  return window.stream;
};
"""
# (01)06001234567868(10)CAM7(17)280131 as a GS1 DataMatrix; two rows of modules a line.
MATRIX = """
  ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄ ▄
 █▀  ▄  ▄  ▀▄▄ ▀ ▀█▀▀
 █▄█▀▄▄▀ ▀▀█  █▄▀█ ▄▀
 █ █   ▀ █ ▄█▀  █▄▄▀▀
 ██▀▀ █▄  ▄▄▄▄▄▄█▀█▄▀
 █▀▀▀▄ ▀ ▄▄    █  ▀█▀
 █▀█▄  ▄▀█  ▀▄█▀ █▄ ▀
 █▄▄██ ▀█ █ ▄█ ▄██ █▀
 ██  █▄█  ▀▀ ▀▄ ▀ ▄█▀
 █▀ ██ ▀▄█▄▄▄█▄▄ ▄▀▄▀
 ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀
"""
PICTURED = """
delete window.BarcodeDetector;
navigator.mediaDevices.getUserMedia = async () => {
  const canvas = document.createElement("canvas");
  const size = 12;
  const lines = MATRIX.split("\\n").filter((line) => line.trim());
  [canvas.width, canvas.height] = [640, 480];
  const pen = canvas.getContext("2d");
  const paint = () => {
    pen.fillStyle = "white";
    pen.fillRect(0, 0, 640, 480);
    pen.fillStyle = "black";
    lines.forEach((line, y) => [...line].forEach((sign, x) => {
      const [left, top] = [180 + x * size, 100 + y * 2 * size];
      if ("█▀".includes(sign)) pen.fillRect(left, top, size, size);
      if ("█▄".includes(sign)) pen.fillRect(left, top + size, size, size);
    }));
  };
  window.setInterval(paint, 50);
  window.stream = canvas.captureStream(20);
  return window.stream;
};
""".replace("MATRIX", json.dumps(MATRIX))
REFUSING = (
    "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError'); };"
)


def desk_of(tablet: BrowserContext, served: str, script: str, asked: list[str] | None = None) -> Page:
    """The desk in a browser that a script changes; what it asks for is noted."""
    page = tablet.new_page()
    page.add_init_script(script)
    page.on("request", lambda request: None if asked is None else asked.append(request.url))
    return opened(page, served)


def test_a_browser_without_a_camera_for_pages_says_so_and_what_else_does(tablet, whotopia_served):
    desk = desk_of(tablet, whotopia_served, "Object.defineProperty(navigator, 'mediaDevices', {});")
    desk.locator("#store-camera").click()
    dialog = desk.locator("dialog[open]")
    expect(dialog).to_contain_text("This browser gives no page a camera.")
    assert violations(desk, ALL) == []
    dialog.get_by_role("button", name="Close").click()
    expect(dialog).to_have_count(0)


def test_where_the_browser_reads_no_codes_a_reader_is_loaded_that_does(tablet, whotopia_served):
    """A real GS1 DataMatrix in a real video, read by the WebAssembly that the worker loads."""
    asked: list[str] = []
    desk = desk_of(tablet, whotopia_served, PICTURED, asked)
    item = item_called(desk, "Zinc")
    assert not [each for each in asked if "zxing" in each]
    desk.locator("#store-camera").click()
    linking = desk.locator("dialog[open]", has_text="is new here")
    expect(linking).to_contain_text("06001234567868")
    linking.get_by_label("Item").select_option(item)
    linking.get_by_role("button", name="This item").click()
    row = desk.locator(f'[data-item="{item}"]')
    expect(row.get_by_label("Lot")).to_have_value("CAM7")
    expect(row.get_by_label("Expiry")).to_have_value("2028-01-31")
    assert desk.evaluate("window.stream.getTracks().map((track) => track.readyState)") == ["ended"]
    assert {each.split("/")[2] for each in asked} == {whotopia_served.split("/")[2]}


def test_webassembly_runs_in_the_reader_alone(tablet, whotopia_served):
    wasm = {
        path: "wasm-unsafe-eval" in tablet.request.get(f"{whotopia_served}{path}").headers[POLICY]
        for path in ("/reader.js", "/store", "/", "/data", "/sw.js")
    }
    assert [path for path, allowed in wasm.items() if allowed] == ["/reader.js"]


def test_a_reader_that_cannot_be_loaded_is_told_while_the_camera_shows(tablet, whotopia_served):
    desk = desk_of(tablet, whotopia_served, PICTURED)
    tablet.set_offline(True)
    desk.locator("#store-camera").click()
    expect(desk.locator("dialog[open]")).to_contain_text("The reader of codes could not be loaded")


def test_what_the_camera_reads_is_taken_as_from_a_scanner_and_the_camera_is_off_again(
    tablet, whotopia_served
):
    desk = desk_of(tablet, whotopia_served, RECOGNISING % CODE)
    item = item_called(desk, "Zinc")
    desk.locator("#store-camera").click()
    linking = desk.locator("dialog[open]", has_text="is new here")
    linking.get_by_label("Item").select_option(item)
    linking.get_by_role("button", name="This item").click()
    row = desk.locator(f'[data-item="{item}"]')
    expect(row.get_by_label("Lot")).to_have_value("CAM7")
    expect(row.get_by_label("Expiry")).to_have_value("2028-01-31")
    expect(row.locator(".store-packs input")).to_have_value("")
    assert desk.evaluate("window.looked.width") > 0
    assert desk.evaluate("window.looked.formats") == ["data_matrix", "ean_13"]
    assert desk.evaluate("window.stream.getTracks().map((track) => track.readyState)") == ["ended"]


def test_whoever_gives_up_has_the_camera_off_and_nothing_changed(tablet, whotopia_served):
    desk = desk_of(tablet, whotopia_served, RECOGNISING.replace("this.looks > 2", "false") % CODE)
    desk.locator("#store-camera").click()
    expect(desk.locator("video.store-camera")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator("dialog[open]")).to_have_count(0)
    assert desk.evaluate("window.stream.getTracks().map((track) => track.readyState)") == ["ended"]
    expect(desk.locator(".store-item.chosen")).to_have_count(0)


def test_a_camera_that_is_not_allowed_is_told_with_the_way_out(tablet, whotopia_served):
    desk = desk_of(tablet, whotopia_served, RECOGNISING % CODE + REFUSING)
    desk.locator("#store-camera").click()
    expect(desk.locator("dialog[open]")).to_contain_text("The camera did not open.")


def test_only_the_desk_may_ask_for_a_camera(tablet, whotopia_served):
    allowed = {
        path: "camera=(self)" in tablet.request.get(f"{whotopia_served}{path}").headers["permissions-policy"]
        for path in ("/store", "/", "/data")
    }
    assert allowed == {"/store": True, "/": False, "/data": False}
