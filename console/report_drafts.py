"""The reports that somebody has begun and not sent, by name: one on the form, others waiting."""

from datetime import datetime
from secrets import token_hex

import msgspec
from msgspec import Struct

from backend_client.drafts import Drafts, Owner
from console.panes.report_state import ReportState

KIND = "report"


class BegunReport(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A half-made report. `began` is the log's clock; `asked`: it was sent and no answer is known;
    `refused`: the code of the server's answer."""

    state: ReportState
    began: datetime
    asked: bool = False
    refused: str = ""
    detail: dict[str, str] = {}
    """What the refusal says beside its code."""


class ReportDrafts:
    """Keeps each change on the disk at once. Nobody's drafts until `belong_to` says whose."""

    def __init__(self, drafts: Drafts) -> None:
        self._drafts = drafts
        self.owner: Owner | None = None
        self.begun: dict[str, BegunReport] = {}

    @property
    def is_kept(self) -> bool:
        """Whether the disk takes them."""
        return self._drafts.is_kept

    def belong_to(self, owner: Owner) -> None:
        """Take up what this person left; one that cannot be read is dropped."""
        self.owner, self.begun = owner, {}
        for draft in self._drafts.all(owner, KIND):
            try:
                begun = msgspec.json.decode(draft.body, type=BegunReport)
            except (msgspec.DecodeError, UnicodeDecodeError):
                self._drafts.drop(owner, KIND, draft.name)
            else:
                self.begun[draft.name] = begun

    def new_name(self) -> str:
        """A name that no other draft has, in this process or another."""
        return token_hex(8)

    def keep(self, name: str, begun: BegunReport) -> None:
        """As it stands now."""
        self.begun[name] = begun
        if self.owner is not None:
            self._drafts.keep(self.owner, KIND, name, msgspec.json.encode(begun))

    def drop(self, name: str) -> None:
        """It was recorded or discarded."""
        if self.begun.pop(name, None) is not None and self.owner is not None:
            self._drafts.drop(self.owner, KIND, name)
