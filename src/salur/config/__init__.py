"""Settings, URLs, ASGI application and the command line."""
