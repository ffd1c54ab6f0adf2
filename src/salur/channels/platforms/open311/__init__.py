"""Open311 GeoReport v2: reports filed by other programs, and the way back to them."""
