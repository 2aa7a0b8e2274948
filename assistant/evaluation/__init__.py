"""Questions with known answers, and figures with their intervals."""
