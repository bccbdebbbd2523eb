"""The public names with their types; a test writes this file, from `_ROOMS` in `__init__.py`."""

from odrlib.store.days import parse_day as parse_day
from odrlib.store.folder import EXEMPTED as EXEMPTED
from odrlib.store.folder import INPUT_FOLDERS as INPUT_FOLDERS
from odrlib.store.folder import NOT_INPUT as NOT_INPUT
from odrlib.store.folder import shown_path as shown_path
from odrlib.store.read import Store as Store
from odrlib.store.read import inventory as inventory
from odrlib.store.read import read_store as read_store

__all__: list[str]
