"""The engine: a case is its journal folded under its SOP. Pure."""
