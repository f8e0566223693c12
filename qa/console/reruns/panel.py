"""On the page of a call: run it again, and take it as a scenario."""

from qa.console.panels import Viewing
from qa.console.places import LOOKING_BACK


class RerunPanel:
    """A `qa.console.panels.Panel`."""

    @property
    def name(self) -> str:
        """Its place."""
        return "rerun"

    @property
    def title(self) -> str:
        """Its heading."""
        return "Run it again"

    async def render(self, viewing: Viewing) -> str:
        """Two buttons, for those who may see all calls."""
        if not viewing.account.has(*LOOKING_BACK):
            return ""
        return viewing.piece("qa/reruns/_panel.html", call_id=viewing.call_id, csrf=viewing.csrf)
