"""How Alembic runs a step: on the connection, and in the transaction, that geo.store gives it."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
