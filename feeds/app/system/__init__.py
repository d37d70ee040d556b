"""The machine under an installation: logs, memory, disk, packaged files."""
