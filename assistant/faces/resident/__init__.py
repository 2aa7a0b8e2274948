"""The engine that stays: how a command finds one or starts one, and what passes between the two."""
