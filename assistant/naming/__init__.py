"""Names as people write them, and what the notes call them."""
