"""Categories: one of the known root causes for each defect, with the fields that show it."""

from odrlib.categories.catalogue import UNEXPLAINED, Category, categories, topic_title
from odrlib.categories.categorise import categorise
from odrlib.categories.missing import what_to_fetch
from odrlib.categories.records import Records, records_of
from odrlib.categories.summary import category_counts, category_of_orders, cause_topics, commonest

__all__ = [
    "UNEXPLAINED",
    "Category",
    "Records",
    "categories",
    "categorise",
    "category_counts",
    "category_of_orders",
    "cause_topics",
    "commonest",
    "records_of",
    "topic_title",
    "what_to_fetch",
]
