"""The command: `copydesk`, and `python -m feeds`."""

import sys

from feeds.app.system.version import VERSION


def main() -> int:
    """Run the command and return its exit code. `--version` alone imports nothing else."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"{VERSION}\n")
        return 0
    from feeds.app.cli.main import main as run

    return run()


if __name__ == "__main__":
    sys.exit(main())
