"""`python -m benchmarks.speed`: how fast pages are read."""

from benchmarks.speed.reading import main

main()
