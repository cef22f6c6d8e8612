"""A component in words: its class, number, state, who owns and who keeps it."""

from casework.rulebook import RuleBook
from casework.rules.register import Component
from console.names import Names
from console.vocabulary import COMPONENT_STATES
from console.wording import tr


def class_name(code: str, rules: RuleBook | None, names: Names) -> str:
    """小類 of a component by its code; the code where the rule book has no such class."""
    found = rules.component_class(code) if rules is not None else None
    return names.class_of(found[1]) if found is not None else code


def title(component: Component, rules: RuleBook | None, names: Names) -> str:
    """Class, and the component's own name where it has one."""
    said = class_name(component.code, rules, names)
    return " · ".join(filter(None, (said, own_name(component, rules))))


def own_name(component: Component, rules: RuleBook | None) -> str:
    """The component's own name; empty where it goes by its class."""
    of = rules.component_class(component.code) if rules is not None else None
    return component.name if of is None or component.name != of[1].name else ""


def state_of(component: Component) -> str:
    """完好, 破損 …, and that an entry is invented."""
    said = tr(COMPONENT_STATES[component.state])
    return f"{said} · {tr('invented')}" if component.invented else said


def keepers(component: Component, names: Names) -> str:
    """Owner and maintainer; one name where they are the same."""
    owner, maintainer = names.unit(component.owner), names.unit(component.maintainer)
    if owner and maintainer and owner != maintainer:
        return tr("{owner}, kept by {maintainer}", owner=owner, maintainer=maintainer)
    return owner or maintainer


def facts(component: Component | None, names: Names) -> dict[str, str]:
    """What the open case says of its component, beside its id."""
    if component is None:
        return {"component": "", "keepers": ""}
    said = f"{component.id} · {state_of(component)}"
    return {"component": said, "keepers": keepers(component, names)}
