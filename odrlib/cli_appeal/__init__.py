"""`odr appeal …`: notices and the register. It records; it never sends anything to Amazon."""

from odrlib.cli_appeal import questions, steps  # they put their commands into the group
from odrlib.cli_appeal.group import appeal

__all__ = ["appeal", "questions", "steps"]
