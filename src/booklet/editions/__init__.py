"""The editions of a publication: each a recipe from one job to finished files."""
