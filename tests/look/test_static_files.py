"""What the oldest browser in the offices (Chromium 86) cannot read must not be in our style and scripts."""

import gzip
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2] / "static"
STYLES = sorted((ROOT / "css").glob("*.css"))
SCRIPTS = sorted((ROOT / "js").glob("*.js"))
CSS_LIMIT = 10_000  # bytes, gzip, all stylesheets together

# feature: the pattern that betrays it (with the first Chromium that knows it)
NEWER_CSS = {
    ":has() 105": r":has\(",
    ":is() 88": r":is\(",
    ":where() 88": r":where\(",
    ":not(a, b) 88": r":not\([^)]*,",
    "@layer 99": r"@layer\b",
    "@container 105": r"@container\b|container-type",
    "@property 85 without fallback": r"@property\b",
    "nesting 112": r"\{[^}]*&\s*[.:>\[ ]",
    "subgrid 117": r"\bsubgrid\b",
    "inset 87": r"(?<![\w-])inset\s*:",
    "aspect-ratio 88": r"aspect-ratio\s*:",
    "accent-color 93": r"accent-color\s*:",
    "color-mix 111": r"color-mix\(",
    "dynamic viewport 108": r"\d(?:dvh|svh|lvh|dvw)\b",
    "text-wrap 114": r"text-wrap\s*:",
    "logical shorthands 87": r"(?:margin|padding)-(?:inline|block)\s*:",
    "scrollbar-gutter 94": r"scrollbar-gutter",
    "overflow clip 90": r"overflow(?:-[xy])?\s*:\s*clip",
    "individual transforms 104": r"(?<![\w-])(?:translate|rotate|scale)\s*:",
    "media range syntax 104": r"@media[^{]*[<>]",
    "light-dark 123": r"light-dark\(",
    "web fonts": r"@font-face",
    "imports": r"@import",
    "other hosts": r"https?://|url\(\s*['\"]?//",
}
NEWER_JS = {
    "Array.at 92": r"\.at\(",
    "Object.hasOwn 93": r"Object\.hasOwn\(",
    "structuredClone 98": r"structuredClone\(",
    "findLast 97": r"\.findLast(?:Index)?\(",
    "toSorted 110": r"\.to(?:Sorted|Reversed|Spliced)\(",
    "groupBy 117": r"\.groupBy\(",
    "class static block 94": r"\bstatic\s*\{",
    "error cause 93": r"\bcause:",
    "randomUUID 92": r"randomUUID",
    "AbortSignal.timeout 103": r"AbortSignal\.(?:timeout|any)",
    "popover 114": r"\bpopover\b|showPopover",
    "inert 102": r"\binert\b",
    "promise any withResolvers": r"withResolvers",
    "regex d and v flags": r"/[gimsuy]*[dv][gimsuy]*\.(?:test|exec)",
    "crypto and code from text": r"\beval\(|new Function\(",
    "imports between hashed files": r"^\s*import\s",
    "other hosts": r"https?://",
}


def bare(path: Path) -> str:
    """The file without comments, where a forbidden word may be explained."""
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    return re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE) if path.suffix == ".js" else text


def found(path: Path, features: dict[str, str]) -> list[str]:
    text = bare(path)
    return [name for name, pattern in features.items() if re.search(pattern, text, re.MULTILINE)]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_style_uses_nothing_newer_than_chromium_86(path):
    assert found(path, NEWER_CSS) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_script_uses_nothing_newer_than_chromium_86(path):
    assert found(path, NEWER_JS) == []


def test_the_check_sees_what_it_looks_for(tmp_path):
    style, script = tmp_path / "a.css", tmp_path / "a.js"
    style.write_text(".a:has(b) { inset: 0; } /* :is() */ .c { box-shadow: inset 0 0 0 1px red; }")
    script.write_text("// x.at(1)\nconst last = rows.at(-1);\n")
    assert found(style, NEWER_CSS) == [":has() 105", "inset 87"]
    assert found(script, NEWER_JS) == ["Array.at 92"]


def test_style_is_small():
    assert STYLES
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in STYLES) <= CSS_LIMIT


def test_every_colour_is_a_token_or_a_plain_shade():
    """A colour written twice drifts apart; shades of black and white and printing are the exception."""
    body = bare(STYLES[0]).split("}", 1)[1].split("@media print", 1)[0]
    allowed = {"#FAFBFC", "#E6EEF7"}  # hovered row; placeholder on the blue bar
    assert set(re.findall(r"#[0-9A-Fa-f]{3,6}\b", body)) <= allowed
