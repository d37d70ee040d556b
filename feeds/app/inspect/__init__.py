"""Reports on an installation: status, explanations, previews."""
