"""Many booklets from one catalogue: read, planned, built in many processes, reported."""
