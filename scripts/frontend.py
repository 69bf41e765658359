"""Packs the scripts that a browser loads into build/frontend: `python scripts/frontend.py [node_modules]`.

Charts need 1.2 MB of plotly.js (its basic bundle: lines, bars, pies) instead of the 4.8 MB that Dash brings
along, and every file is compressed once, as far as brotli and gzip go, instead of at each request or not at
all. What was packed stands in build/frontend/manifest.json, with the versions it was made from;
`dashboard/frontend.py` serves it.
"""

import gzip
import itertools
import json
import re
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import brotli

PROJECT = Path(__file__).resolve().parent.parent
NEVER_ASKED = ("mathjax", "dash_table/async-")  # 3 MB of formulas and of the old table
SUITES = "_dash-component-suites/"
# How the classes begin that components of dash-bootstrap-components give to what they draw.
DRESSED = {
    "Alert": ("alert", "btn-close", "fade", "show"),
    "Button": ("btn", "active", "disabled"),
    "Checkbox": ("form-check", "form-label", "is-", "was-"),
    "Input": ("form-control", "is-", "was-"),
    "Select": ("form-select", "is-", "was-"),
    "Table": ("table",),
}
# What names classes itself.
SOURCES = (("dashboard", "*.py"), ("accounts", "*.py"), ("dashboard", "*.html"), ("assets", "*.js"))
PLOTLY = "plotly/package_data/plotly.min.js"  # where Dash looks for plotly.js, below /_dash-component-suites/


def plotly_bundle(modules: Path) -> Path:
    """The basic bundle of plotly.js in `modules`, of the version that plotly.py draws for.

    Raises:
        SystemExit: When it is missing or of another version.
    """
    from plotly.offline import get_plotlyjs_version

    folder = modules / "plotly.js-basic-dist-min"
    described = folder / "package.json"
    if not described.is_file():
        raise SystemExit(f"{folder} is missing: run `npm ci --ignore-scripts` in {PROJECT} (./run does it).")
    found, wanted = json.loads(described.read_text(encoding="utf-8"))["version"], get_plotlyjs_version()
    if found != wanted:
        raise SystemExit(
            f"plotly.js-basic-dist-min is {found}, but plotly.py draws for plotly.js {wanted}: "
            f'write "{wanted}" into package.json and run `npm install --package-lock-only`.'
        )
    return folder / "plotly-basic.min.js"


def bootstrap_styles(modules: Path) -> tuple[str, bytes]:
    """Bootstrap's styles for components, by the path they are served at.

    They stand in a layer of their own, so that each of our rules wins, and without Bootstrap's rules for bare
    elements ("reboot"): a page looks as we say, and Bootstrap dresses only what asks for one of its classes.
    Rules for classes that nothing here asks for stay away: they are most of it.
    """
    folder = modules / "bootstrap"
    number = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    styles, reboot = (
        top_level_rules((folder / "dist" / "css" / f"{name}.min.css").read_text(encoding="utf-8"))
        for name in ("bootstrap", "bootstrap-reboot")
    )
    bare = {rule for rule in reboot if not rule.startswith((":root,", "[data-bs-theme"))}  # not the colours
    asked, begun = named_classes(), tuple({start for starts in DRESSED.values() for start in starts})
    kept = "".join(asked_for([rule for rule in styles if rule not in bare], asked, begun))
    notice = f"/*! Bootstrap {number}, The Bootstrap Authors, MIT licence */"
    return f"assets/bootstrap-{number}.min.css", f"{notice}@layer bootstrap{{{kept}}}".encode()


def code_reader(modules: Path) -> Iterator[tuple[str, bytes]]:
    """The reader of codes for browsers without one of their own, by path: its script, its WebAssembly."""
    folder = modules / "zxing-wasm"
    number = json.loads((folder / "package.json").read_text(encoding="utf-8"))["version"]
    notice = f"/*! zxing-wasm {number}, Ze-Zheng Wu, MIT licence, with ZXing-C++, Apache 2.0 licence */\n"
    script = (folder / "dist" / "iife" / "reader" / "index.js").read_bytes()
    yield f"assets/zxing-{number}/reader.js", notice.encode() + script
    yield (
        f"assets/zxing-{number}/reader.wasm",
        (folder / "dist" / "reader" / "zxing_reader.wasm").read_bytes(),
    )


def named_classes() -> set[str]:
    """Every word within quotes in the sources that may name a class."""
    files = (path for folder, kind in SOURCES for path in (PROJECT / folder).rglob(kind))
    texts = [path.read_text(encoding="utf-8") for path in files]
    quoted = (each for text in texts for each in re.findall(r"""["'`]([^"'`\n]*)["'`]""", text))
    return {word for each in quoted for word in re.findall(r"[A-Za-z][\w-]*", each)}


def asked_for(rules: list[str], asked: set[str], begun: tuple[str, ...]) -> Iterator[str]:
    """The rules without a class, and those of which a class is asked for or begins as one of `begun`."""
    for rule in rules:
        head, _, body = rule.partition("{")
        if head.startswith(("@media", "@supports")):
            inner = "".join(asked_for(top_level_rules(body[:-1]), asked, begun))
            if inner:
                yield f"{head}{{{inner}}}"
            continue
        classes = re.findall(r"\.([A-Za-z][\w-]*)", head)
        if not classes or any(each in asked or each.startswith(begun) for each in classes):
            yield rule


def top_level_rules(styles: str) -> list[str]:
    """The rules of a minified style sheet, one text each; `@media` blocks stay whole, comments go."""
    styles = re.sub(r"/\*.*?\*/|@charset[^;]*;", "", styles, flags=re.DOTALL)
    rules, depth, begin = [], 0, 0
    for found in re.finditer("[{}]", styles):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            rules.append(styles[begin : found.end()].strip())
            begin = found.end()
    return rules


def dash_scripts() -> Iterator[tuple[str, Path]]:
    """The scripts that Dash itself may ask for, by their path below /_dash-component-suites/."""
    import dash
    import dash_bootstrap_components as dbc

    modules = (dash._dash_renderer, dash.dcc, dash.html, dash.dash_table, dbc)  # noqa: SLF001
    lists = ("_js_dist_dependencies", "_js_dist")  # Dash tells its scripts nowhere else
    for module, name in itertools.product(modules, lists):
        for each in getattr(module, name, []):
            for relative in production_paths(each):
                source = package_folder(each["namespace"]) / relative
                if source.is_file() and not any(part in relative for part in NEVER_ASKED):
                    yield f"{each['namespace']}/{relative}", source


def production_paths(script: dict[str, Any]) -> list[str]:
    """Where one entry of Dash's list lies in its package; development builds and source maps aside."""
    path = script.get("relative_package_path", [])
    if isinstance(path, dict):
        path = path["prod"]
    paths = [path] if isinstance(path, str) else path
    return [each for each in paths if each.endswith(".js") and not each.startswith("package_data/")]


def package_folder(name: str) -> Path:
    """Where an installed package lies."""
    spec = find_spec(name)
    if spec is None or spec.origin is None:
        raise SystemExit(f"The package {name} is not installed: run ./run --prepare.")
    return Path(spec.origin).parent


def pack(content: bytes, target: Path) -> None:
    """Writes `content` to `target` as it is, as brotli and as gzip."""
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)
    target.with_name(target.name + ".br").write_bytes(brotli.compress(content, quality=11))
    target.with_name(target.name + ".gz").write_bytes(gzip.compress(content, 9, mtime=0))


def build(modules: Path, folder: Path) -> dict[str, Any]:
    """Packs everything into `folder`, which is replaced whole, and returns the manifest."""
    draft = folder.with_name(folder.name + ".draft")
    shutil.rmtree(draft, ignore_errors=True)
    scripts = {PLOTLY: plotly_bundle(modules), **dict(dash_scripts())}
    contents = {f"{SUITES}{path}": source.read_bytes() for path, source in scripts.items()}
    contents |= dict([bootstrap_styles(modules), *code_reader(modules)])
    for path, content in contents.items():
        pack(content, draft / path)
    manifest = {"versions": {name: version(name) for name in ("dash", "plotly")}, "files": sorted(contents)}
    (draft / "manifest.json").write_text(json.dumps(manifest, indent=1), encoding="utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    draft.rename(folder)
    return manifest


def main() -> None:
    """Packs from the node_modules folder that was named, else the project's, and says how much it came to."""
    modules = Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT / "node_modules"
    folder = PROJECT / "build" / "frontend"
    files = [folder / each for each in build(modules, folder)["files"]]
    plain, packed = (sum(Path(f"{each}{end}").stat().st_size for each in files) for end in ("", ".br"))
    print(f"{len(files)} files packed: {plain / 1e3:,.0f} kB, {packed / 1e3:,.0f} kB on the wire.")


if __name__ == "__main__":
    main()
