"""One strict server a platform, each built from the vendor's published rules."""
