"""
Explore: linked views in which an analyst follows a suspicion, live in JupyterLab.

The rooms before this one count; here is what is shown of it, what a click does, and the static twin
that stands in the same place where nobody can click.
"""

from odrlib.explorer.notes import save_finding
from odrlib.explorer.opening import Explorer, explore

__all__ = ["Explorer", "explore", "save_finding"]
