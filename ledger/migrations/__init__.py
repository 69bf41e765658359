"""How a database comes to have the tables: one file a step under `versions`, run by `Database.migrate`."""
