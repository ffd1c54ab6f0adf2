"""What the platforms of Meta have in common: hooks, errors, the Graph interface, and private messages."""
