"""Every refusal that a rule can raise is met in a test of the rule."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CODE = re.compile(r"[a-z]+\.[a-z_]*[a-z]")


def raised(file: Path) -> set[str]:
    """Codes of a module's `Refused`, and those that its functions answer with, such as hindrances
    and doubts; a code that is put together counts by the texts beside it."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text("utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Refused"):
            for argument in node.args[:1]:
                found |= _texts(argument)
        elif isinstance(node, ast.Return | ast.IfExp | ast.Assign):
            found |= _texts(node)
    return found


def _texts(of: ast.AST) -> set[str]:
    return {
        node.value
        for node in ast.walk(of)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and CODE.fullmatch(node.value)
    }


def test_every_refusal_code_of_the_rules_is_named_in_a_test_of_them() -> None:
    folders = ("casework", "case_server", "drill", "watchdesk")
    tests = "".join(
        file.read_text("utf-8")
        for folder in folders
        for file in (ROOT / "tests" / folder).rglob("*.py")
        if file.name != Path(__file__).name
    )
    codes = {
        code
        for file in (ROOT / "casework").rglob("*.py")
        if "pack" not in file.relative_to(ROOT).parts
        for code in raised(file)
    }
    prefixes = {code.partition(".")[0] for code in codes}
    assert {"case", "account", "component", "import", "order", "patrol", "photo", "place"} <= (
        prefixes
    )
    assert {code for code in codes if code not in tests} == set()
