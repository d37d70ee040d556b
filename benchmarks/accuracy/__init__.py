"""How right the program is, by scores over pages and texts with known answers."""
