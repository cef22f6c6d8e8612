"""Whose turn it is on the sign-in card: one server after the other."""


class Turns:
    """Servers by their number that wait for a person to sign in."""

    def __init__(self) -> None:
        self.site = 0
        """The server the card asks for."""
        self._waiting: list[int] = []
        self._left: set[int] = set()

    @property
    def waiting(self) -> bool:
        """Whether any server still waits."""
        return bool(self._waiting)

    def waits_beside(self, site: int) -> bool:
        """Whether another server waits."""
        return any(other != site for other in self._waiting)

    def wait(self, site: int) -> None:
        """This server has nobody, unless the person has turned from it."""
        if site not in self._waiting and site not in self._left:
            self._waiting.append(site)

    def signed_in(self, site: int) -> None:
        """Somebody works there now."""
        self._left.discard(site)
        if site in self._waiting:
            self._waiting.remove(site)
        if not self._waiting:
            self.site = 0

    def pass_by(self, site: int) -> None:
        """This server does not answer: its link goes on trying, the next one is asked for."""
        if site in self._waiting:
            self._waiting.remove(site)
            self._left.add(site)
        if not self._waiting:
            self.site = 0

    def leave(self) -> None:
        """The person goes to the desk without those that still wait."""
        self._left.update(self._waiting)
        self._waiting.clear()
        self.site = 0

    def take(self) -> int:
        """The server to ask for now; the first one when somebody signs in anew."""
        if not self._waiting:
            self._waiting, self._left = sorted(self._left), set()
        self.site = self._waiting[0] if self._waiting else 0
        return self.site
