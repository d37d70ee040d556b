"""Controlled vocabularies: IPTC Media Topics and section names."""
