"""A server process that a test kills. `--ack-first` breaks the promise on purpose: answers go out
before the commit, so that the test is seen to fail."""

import argparse
import asyncio
import sys
import time

from case_server import desk, server
from case_server.transaction import Transaction
from casework.pack import encode_rules
from tests.case_server.desk_kit import BIRTH, LOG, RULES


def break_the_promise() -> None:
    """Publish the answers inside the transaction, then dawdle before the commit."""
    whole_run, whole_commit = Transaction.run, desk.Desk._commit
    desks: list[desk.Desk] = []

    def run(self: Transaction, work: list[desk.Submission]) -> None:
        whole_run(self, work)
        head = self.head
        answers, self.answers = self.answers, []
        desks[0]._publish(desk.Batch(answers, [], head.number + 1, head.number, head.at))
        time.sleep(0.01)

    def commit(self: desk.Desk, work: list[desk.Submission]) -> desk.Batch:
        desks[:] = [self]
        return whole_commit(self, work)

    Transaction.run = run  # type: ignore[method-assign,assignment]  # broken on purpose
    desk.Desk._commit = commit  # type: ignore[method-assign]  # as above


def _say(address: str) -> None:
    sys.stdout.write(f"{address}\n")
    sys.stdout.flush()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("database")
    parser.add_argument("port", type=int)
    parser.add_argument("drill_key")
    parser.add_argument("--ack-first", action="store_true")
    given = parser.parse_args()
    if given.ack_first:
        break_the_promise()
    settings = server.Settings(
        database=given.database,
        blobs=given.drill_key + ".blobs",
        port=given.port,
        practice=True,
        rules_bytes=encode_rules(RULES),
        log=LOG,
        drill_key_file=given.drill_key,
        starts=BIRTH,
    )
    asyncio.run(server.run(settings, _say))


if __name__ == "__main__":
    main()
