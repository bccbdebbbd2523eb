"""The public names with their types; a test writes this file, from `_ROOMS` in `__init__.py`."""

from odrlib.report.batch import build_reports as build_reports
from odrlib.report.batch import exit_code as exit_code
from odrlib.report.pdf import build_pdf as build_pdf
from odrlib.report.pdf import print_reports as print_reports
from odrlib.report.run import ReportResult as ReportResult
from odrlib.report.run import build_report as build_report
from odrlib.report.run import notebook_path as notebook_path
from odrlib.report.show import end as end

__all__: list[str]
