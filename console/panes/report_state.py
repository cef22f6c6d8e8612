"""What a half-made report holds, apart from any widget: kept on disk, restored, sent."""

from msgspec import Struct

from casework import acts
from casework.decider import Personal
from casework.terms import Kind, Source, Urgency
from console.panes.place_words import Chosen


class ReportState(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Every field of the form as it stands. Texts are as typed, not yet stripped."""

    class_text: str = ""
    kind: Kind | None = None
    code: str = ""
    condition: str = ""
    place_text: str = ""
    place: Chosen | None = None
    address: str = ""
    text: str = ""
    name: str = ""
    phone: str = ""
    wants_reply: bool = False
    source: Source = Source.PHONE
    urgency: Urgency = Urgency.NORMAL
    handled: bool = False
    """自行處理: an inspector has dealt with it on the spot."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was typed that would be lost."""
        typed = (self.class_text, self.place_text, self.address, self.text, self.name, self.phone)
        return not any(word.strip() for word in typed)

    @property
    def heading(self) -> str:
        """A few words to know it again by."""
        words = (self.class_text, self.place_text or self.address, self.text, self.phone)
        return " · ".join(word.strip() for word in words if word.strip())


def command_of(state: ReportState, kind: Kind, code: str) -> acts.ReportCase:
    """The command that the form asks for. Words typed as the place are the address, if no other
    was given."""
    place = state.place or Chosen()
    address = state.address.strip() or ("" if state.place else state.place_text.strip())
    return acts.ReportCase(
        kind=kind,
        code=code,
        condition=state.condition,
        source=state.source,
        point=place.point,
        district=place.district,
        street=place.street,
        grid=place.grid,
        urgency=state.urgency,
        component=place.component,
        wants_reply=state.wants_reply,
        handled=state.handled,
        personal=Personal(
            name=state.name.strip(),
            phone=state.phone.strip(),
            address=address,
            text=state.text.strip(),
        ),
    )
