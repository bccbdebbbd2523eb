"""Evidently: a data summary and drift of the newest orders against the rest."""

import sys

import pandas as pd
from evidently import Report
from evidently.presets import DataDriftPreset, DataSummaryPreset

orders = pd.read_csv(sys.argv[1])
half = len(orders) // 2
report = Report([DataSummaryPreset(), DataDriftPreset()])
report.run(orders[half:], orders[:half]).save_html(sys.argv[2])
