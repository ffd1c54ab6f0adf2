"""The SOP on paper: the signed form as PDF, and the flow table for a screen. Pure."""

from salur.sop.printing.flow import flow_svg
from salur.sop.printing.paper import pdf
from salur.sop.printing.seal import Seal

__all__ = ["Seal", "flow_svg", "pdf"]
