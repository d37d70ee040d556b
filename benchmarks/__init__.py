"""Runs over the shared corpora, and speed as ratios. Not part of the installed program. See README.md.

`python -m benchmarks` lists them. Each can be run by its name alone, whatever folder it is in: `benchmarks.corpus` is
`benchmarks/accuracy/corpus.py`.
"""

from pathlib import Path

FOLDERS = ("accuracy", "speed", "reliability", "training")
__path__ += [str(Path(__file__).parent / folder) for folder in FOLDERS]
