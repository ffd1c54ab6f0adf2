"""Rows of an SP4N-LAPOR! export; answers are entered there by a person."""
