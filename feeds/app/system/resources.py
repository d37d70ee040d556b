"""Where the files that come with the program are: sample sites, starter files."""

from __future__ import annotations

from pathlib import Path


def seeds_folder() -> Path:
    """The folder `seeds` of this installation: of the repository in an editable checkout, of the package in a wheel.

    Raises FileNotFoundError for an installation that lacks it.
    """
    app = Path(__file__).resolve().parents[1]
    for folder in (app / "seeds", app.parents[1] / "seeds"):
        if (folder / "demo").is_dir():
            return folder
    raise FileNotFoundError(f"no folder seeds/demo beside {app}; the installation is incomplete")


def starter_config() -> Path:
    """The config.toml that `copydesk init` copies: the repository's own, or the package's in a wheel."""
    packed = Path(__file__).resolve().parents[1] / "starter.toml"
    return packed if packed.is_file() else seeds_folder().parent / "config.toml"
