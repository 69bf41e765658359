"""The JSON interface for notebooks, BI tools and whoever checks our sums."""
