"""ydata-profiling: the profile of the orders, with its usual settings."""

import sys

import pandas as pd
from ydata_profiling import ProfileReport

orders = pd.read_csv(sys.argv[1])
ProfileReport(orders, title="Orders", progress_bar=False).to_file(sys.argv[2])
