"""A feed in each format, its entries rendered once, and the final check of a document."""
