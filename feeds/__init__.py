"""Record → feed."""
