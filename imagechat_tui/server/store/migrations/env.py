"""Runs migrations on the connection that ``migrate`` brings; knows no file of settings and no address."""

from alembic import context

from imagechat_tui.server.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    on_version_apply=context.config.attributes["applied"],
)
context.run_migrations()
