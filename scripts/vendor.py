"""Copies the few front-end files the screens use from node_modules to static/vendor, and draws one sheet of icons.

vendor.toml says which. A missing file or icon is an error: nothing is left out in silence.
"""

import re
import shutil
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
MODULES = ROOT / "node_modules"
TARGET = ROOT / "src" / "salur" / "config" / "static" / "vendor"
SOURCE_MAP = re.compile(rb"\n?(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=\S*)\s*$")


def main() -> None:
    manifest = tomllib.loads((ROOT / "scripts" / "vendor.toml").read_text())
    shutil.rmtree(TARGET, ignore_errors=True)
    for package, patterns in manifest["files"].items():
        for pattern in patterns:
            copy(MODULES / package, pattern)
    names = manifest["icons"]["names"]
    (TARGET / "icons.svg").write_text(sheet(MODULES / manifest["icons"]["package"] / "icons" / "outline", names))


def copy(package: Path, pattern: str) -> None:
    """Copy what matches, flat, without the comment that names a source map we do not ship."""
    found = sorted(package.glob(pattern))
    if not found:
        sys.exit(f"scripts/vendor.toml asks for {pattern}, but {package} holds none.")
    folder = TARGET / package.name if package.parent == MODULES else TARGET / package.parent.name.removeprefix("@")
    folder.mkdir(parents=True, exist_ok=True)
    for path in found:
        (folder / path.name).write_bytes(SOURCE_MAP.sub(b"\n", path.read_bytes()))


def sheet(icons: Path, names: list[str]) -> str:
    """Return one SVG with a symbol an icon, to be used as <svg><use href="icons.svg#name"/></svg>."""
    symbols = []
    for name in sorted(names):
        path = icons / f"{name}.svg"
        if not path.exists():
            sys.exit(f"scripts/vendor.toml names the icon {name}, but {icons} holds none of that name.")
        body = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", path.read_text(), flags=re.DOTALL).strip()
        body = body.replace('<path stroke="none" d="M0 0h24v24H0z" fill="none" />', "").strip()
        symbols.append(
            f'<symbol id="{name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" '
            f'stroke-linecap="round" stroke-linejoin="round">{body}</symbol>'
        )
    return '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n"


if __name__ == "__main__":
    main()
