"""The figures of a seed counted once more, in plain Python and report by report.

Nothing of the product is imported: seed folder and `country.toml` are read here anew, and the rules are those
of docs/architecture.md and docs/decisions.md.
"""
