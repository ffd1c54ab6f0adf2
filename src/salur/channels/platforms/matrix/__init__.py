"""Matrix: an application service of the agency on a homeserver, which pushes what is said."""
