"""Attacks on the real daemon: bombs, hijacks, storms, hangs and damage, each bounded and measured."""
