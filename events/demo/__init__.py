"""The demonstration event: a day at the Hetao science valley, with invented companies and guests."""
