"""The hot path of the platforms' hooks: look the account up, verify, commit, and only then answer."""
