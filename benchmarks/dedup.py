"""Identity and copies, measured: `python -m benchmarks.dedup IN.jsonl OUT.jsonl [--urls]`.

Reads records in order and writes `{"id", "cluster"}` lines.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from scrapers.urls import canonical_key


def main(arguments: list[str]) -> int:
    paths = [Path(argument) for argument in arguments if not argument.startswith("--")]
    if len(paths) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    with paths[0].open(encoding="utf-8") as lines, paths[1].open("w", encoding="utf-8") as out:
        for line in lines:
            row = json.loads(line)
            out.write(json.dumps({"id": row["id"], "cluster": canonical_key(row["url"])}) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
