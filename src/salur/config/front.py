"""What stands behind the web server: the gate for the platforms' hooks, the pages for everything else."""

from typing import Any

from salur.intake.gate.entrance import PREFIX


class Front:
    """An ASGI application of two: requests below `/hooks/` go to the gate, whatever else comes to the pages."""

    def __init__(self, gate: Any, pages: Any) -> None:
        self.gate = gate
        self.pages = pages

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one connection."""
        if scope["type"] == "http" and scope["path"].startswith(PREFIX):
            await self.gate(scope, receive, send)
        else:
            await self.pages(scope, receive, send)
