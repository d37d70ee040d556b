"""The tests mirror the packages, folder by folder; `support` holds what they share, `whole` runs the real program."""
