"""Puts the text of a mutant into a process that has read the right one, as if it had never read another."""

from __future__ import annotations

import ast
import functools
import sys
from collections.abc import Callable, Iterator
from types import FunctionType, ModuleType
from typing import Any

OURS = ("eligibility", "tests")
AFTER_READING = tuple(
    f"eligibility/{name}.py" for name in ("decide", "derived", "establish", "grounds", "notices", "outcome", "timeline")
)
"""What works on a case alone: nothing that is made of the rules and versions, once and for all, hangs on it."""


def put_in(file: str, text: str, right: str) -> None:
    """Make this process go by the files as they are now, `file` among them, which was `right` and has become `text`.

    Raises whatever the changed text makes of it, PolicyError among them.
    """
    if file.endswith(".py"):
        _code(file.removesuffix(".py").replace("/", "."), file, text, right)
    if file not in AFTER_READING:
        _read_policy_again(every_cache=file.endswith(".py"))


def _code(name: str, file: str, text: str, right: str) -> None:
    module = sys.modules.get(name)
    if module is None:
        return  # it is read when it is asked for
    before, new = _made(module, file, right), _made(module, file, text)
    changed = dict(_functions(new))
    for place, function in _functions(module):
        if place in changed:
            other = changed[place]
            function.__code__ = other.__code__
            function.__defaults__, function.__kwdefaults__ = other.__defaults__, other.__kwdefaults__
    for key, value in vars(new).items():
        if not key.startswith("__") and _differ(vars(before).get(key), value):
            _hand_round(key, vars(module).get(key), value)


def _made(module: ModuleType, file: str, text: str) -> ModuleType:
    """The module that a text makes, beside the one in use."""
    new = ModuleType(module.__name__)
    new.__dict__.update({key: value for key, value in vars(module).items() if key.startswith("__")})
    sys.modules[module.__name__] = new  # dataclasses look here for the module they are in
    try:
        exec(compile(text, file, "exec", dont_inherit=True), new.__dict__)  # noqa: S102 - the project's own file
    finally:
        sys.modules[module.__name__] = module
    return new


def _differ(before: object, now: object) -> bool:
    """Whether a constant is another.

    What holds a function or an object of its module is made anew by both texts, and beside the rest of the module in
    use it would be out of place: it is known by its address, and left as it was.
    """
    before_written, written = (ast.dump(one) if isinstance(one, ast.AST) else repr(one) for one in (before, now))
    return type(before) is type(now) and " at 0x" not in written and before_written != written


def _hand_round(key: str, old: object, value: object) -> None:
    """A constant goes to every module that has it under its name."""
    for module in _ours():
        if vars(module).get(key) is old:
            vars(module)[key] = value


def _ours() -> list[ModuleType]:
    return [module for name, module in list(sys.modules.items()) if name.split(".")[0] in OURS]


def _functions(module: ModuleType) -> Iterator[tuple[str, FunctionType]]:
    """Every function and method written in a module, by its holder: what a dataclass makes has no name of its own."""
    owner: Any
    for owner in (module, *(value for value in vars(module).values() if isinstance(value, type))):
        if isinstance(owner, type) and owner.__module__ != module.__name__:
            continue
        for name, value in vars(owner).items():
            function = _plain_function(value)
            if function is not None and function.__module__ == module.__name__:
                yield f"{owner.__name__}.{name}", function


def _plain_function(value: Any) -> FunctionType | None:
    if isinstance(value, property):
        value = value.fget
    elif isinstance(value, functools.cached_property):
        value = value.func
    elif isinstance(value, staticmethod | classmethod):
        value = value.__func__
    while hasattr(value, "__wrapped__"):
        value = value.__wrapped__
    return value if isinstance(value, FunctionType) else None


def _read_policy_again(*, every_cache: bool) -> None:
    from eligibility.assess import Assessor
    from eligibility.policy_files import policies

    kept: Callable[..., object] = sys.modules["eligibility.facts"].vocabulary
    for module in _ours():
        for value in list(vars(module).values()):
            if hasattr(value, "cache_clear") and (every_cache or value is not kept):
                value.cache_clear()
    fresh = policies()
    for module in _ours():
        for value in list(vars(module).values()):
            if isinstance(value, Assessor) and value.area is None:
                value.policies = fresh
                value.__post_init__()
