"""What a page is made of: bytes, markup, text, pictures, embeds and dates, read once by one reader each."""
