"""The floor everyone stands on: ledger, clock, tenancy, crypto, database. Knows no other room."""
