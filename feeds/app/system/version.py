"""The version of the program. The package takes it from here, as reading metadata costs 0.1 s."""

VERSION = "0.1.0"
