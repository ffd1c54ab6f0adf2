"""Areas by Kemendagri code, their names, and the provincial roads."""
