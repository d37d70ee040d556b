"""The words of dates by language: plain tables."""
