"""E-mail: citizens write to the agency's address and are answered in their own conversation."""
