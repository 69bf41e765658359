"""The one writable database: its tables, its migrations and a small repository for each table."""
