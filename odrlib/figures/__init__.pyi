"""The public names with their types; a test writes this file, from `_ROOMS` in `__init__.py`."""

from odrlib.figures.calendar import plot_calendar as plot_calendar
from odrlib.figures.categories import plot_categories as plot_categories
from odrlib.figures.categories import plot_themes as plot_themes
from odrlib.figures.causes import plot_causes as plot_causes
from odrlib.figures.changes import plot_changes as plot_changes
from odrlib.figures.cleared import plot_cleared as plot_cleared
from odrlib.figures.composition import plot_composition as plot_composition
from odrlib.figures.composition import plot_kinds as plot_kinds
from odrlib.figures.drill import plot_drill_down as plot_drill_down
from odrlib.figures.grid import plot_grid as plot_grid
from odrlib.figures.nowcast import plot_nowcast as plot_nowcast
from odrlib.figures.rate import plot_rate as plot_rate
from odrlib.figures.rate_by import plot_rate_by as plot_rate_by
from odrlib.figures.related import plot_related as plot_related
from odrlib.figures.roll_off import plot_roll_off as plot_roll_off
from odrlib.figures.whatif import plot_what_if as plot_what_if

__all__: list[str]
