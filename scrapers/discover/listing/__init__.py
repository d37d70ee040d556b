"""Front pages and sections in HTML: which links are stories."""
