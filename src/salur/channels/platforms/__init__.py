"""One folder a platform; reached only through the registry, knows only the ports."""
