"""Where the reader of codes is, which cameras of browsers without one of their own load."""

READER = "/assets/zxing-3.1.4/reader"
"""Without the ending: `.js` and `.wasm`, as `scripts/frontend.py` packs them. The version is in the name."""
