"""Stand-ins of the closed platforms: strict, in memory, on this machine alone. They know nothing of Salur."""
