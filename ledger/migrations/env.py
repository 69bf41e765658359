"""Run migrations on the connection that `Database.migrate` hands over, inside its transaction."""

import logging

from alembic import context

from ledger.tables import metadata

logging.getLogger("alembic").setLevel(logging.WARNING)  # that nothing had to be done is not worth a line
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
)
context.run_migrations()
