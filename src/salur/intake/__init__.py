"""Every inbound thing: raw deliveries first, then the messages understood from them."""
