"""Any other system, by signed calls both ways (Standard Webhooks)."""
