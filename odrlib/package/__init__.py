"""Package: the evidence of an appeal as a ZIP that can be sent, with index and manifest."""

from odrlib.package.build import MAX_BYTES, Package, build_package
from odrlib.package.notes import package_lines

__all__ = ["MAX_BYTES", "Package", "build_package", "package_lines"]
