"""An older database is brought up to date with what lies in it."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy import select

from case_server import migrations
from case_server.tables import personal, stream_state


def test_addresses_of_reports_that_are_there_already_can_be_looked_up(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        before = sa.table(
            "personal",
            *map(sa.column, ("log", "number", "stream", "salt", "content")),
        )
        rows = [
            {"log": "t", "number": n, "stream": f"case/t-{n}", "salt": b"", "content": content}
            for n, content in enumerate(
                (b'{"address":"\xe5\x89\x8d \xe8\xb7\xaf 1"}', b'{"text":"x"}')
            )
        ]
        connection.execute(sa.insert(before), rows)
    migrations.upgrade(engine)
    with engine.connect() as connection:
        found = connection.execute(select(personal.c.address).order_by(personal.c.number))
        assert [address for (address,) in found] == ["前路1", None]
    engine.dispose()


def test_positions_leave_the_folds_of_patrols(database_url: str) -> None:
    engine = sa.create_engine(database_url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    fold = (
        b'{"user":"li","version":2,"since":"2008-06-13T01:00:00Z","point":[225500000,1141500000]}'
    )
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0010")
        row = {"log": "t", "stream": "patrol/li", "version": 2, "body": fold}
        connection.execute(sa.insert(stream_state), [row])
    migrations.upgrade(engine)
    with engine.connect() as connection:
        (body,) = connection.execute(select(stream_state.c.body)).scalars()
    assert bytes(body) == b'{"user":"li","version":2,"since":"2008-06-13T01:00:00Z"}'
    engine.dispose()
