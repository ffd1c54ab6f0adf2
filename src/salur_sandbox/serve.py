"""The sandbox as a server."""

import uvicorn

from salur_sandbox.app import Sandbox


def server(sandbox: Sandbox) -> uvicorn.Server:
    """A server for a sandbox; run it with the sockets it shall listen on."""
    config = uvicorn.Config(
        sandbox.application(),
        log_level="warning",
        access_log=False,
        lifespan="on",
        timeout_graceful_shutdown=1,
    )
    return uvicorn.Server(config)
