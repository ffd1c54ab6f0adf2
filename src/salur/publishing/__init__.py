"""Everything we say: replies, acknowledgements, approval, and their dispatch."""
