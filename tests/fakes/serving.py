"""A web application on a free port of the loopback."""

from bot.simulator.serving import serving

__all__ = ["serving"]
