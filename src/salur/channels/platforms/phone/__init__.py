"""The telephone: what a citizen says to a clerk who writes it down."""
