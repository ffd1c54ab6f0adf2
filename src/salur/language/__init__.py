"""Pure: normalising and reading Indonesian text as citizens write it."""
