"""quantstats: the tearsheet of one daily series, the change of the rolling defect rate."""

import sys

import pandas as pd
import quantstats

orders = pd.read_csv(sys.argv[1], parse_dates=["day"])
daily = orders.groupby("day")["defective"].mean()
rate = daily.rolling(60, min_periods=1).mean()
quantstats.reports.html(rate.diff().fillna(0.0), output=sys.argv[2], title="Orders")
