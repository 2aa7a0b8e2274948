"""Finding out what is wrong with an index, and mending it."""
