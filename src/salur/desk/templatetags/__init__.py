"""Template words of the desk."""
