"""Salur channels what citizens say to the agency that can act, and the answer back to them."""

__version__ = "0.1.0"
