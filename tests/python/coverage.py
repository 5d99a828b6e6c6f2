"""What the clients can do, as their own classes say, and which of it was called how."""

import asyncio
import inspect
import json


class Calls:
    """A client whose operations can be called by name, the asynchronous ones too, each noted with its outcome."""

    def __init__(self, name, operations, call):
        self.name = name
        self.operations = operations  # every name: what the client has a method for
        self.outcomes = {operation: [] for operation in operations}
        self._call = call

    def __getattr__(self, name):
        return _Name(self, name)

    def make(self, operation, *args, **kwargs):
        outcomes = self.outcomes[operation]  # KeyError: not an operation of this client
        try:
            answer = self._call(operation, *args, **kwargs)
        except Exception as error:
            outcomes.append(code_of(error))
            raise
        outcomes.append("")
        return answer


def gaps(calls, offered):
    """What a suite left out of a client: an operation that was not called, or never with the outcome that it has
    (success, or not_supported where it is not offered here), and a group without a single refusal."""
    found = []
    refused = set()
    for operation in sorted(calls.operations):
        outcomes, group = calls.outcomes[operation], operation.rpartition(".")[0]
        if any(outcomes):
            refused.add(group)
        if offered(operation) and "" not in outcomes:
            found.append(f"{calls.name}: {operation} was not called with success")
        if not offered(operation) and set(outcomes) != {"not_supported"}:
            found.append(f"{calls.name}: {operation} was not refused as not_supported, but {outcomes}")
    groups = {operation.rpartition(".")[0] for operation in calls.operations}
    return found + [f"{calls.name}: {group or 'the client'} was never refused anything" for group in sorted(groups - refused)]


class _Name:
    """A part of the name of an operation: calls.customers.get is one."""

    def __init__(self, calls, name):
        self._calls, self._name = calls, name

    @property
    def name(self):
        return self._name

    def __getattr__(self, name):
        return _Name(self._calls, f"{self._name}.{name}")

    def __call__(self, *args, **kwargs):
        return self._calls.make(self._name, *args, **kwargs)


def code_of(error):
    """The code of a refusal by either client; the name of any other error."""
    if hasattr(error, "body") and isinstance(error.body, str) and error.body.startswith("{"):
        return json.loads(error.body).get("code", "no code")
    return getattr(error, "code", type(error).__name__)


def public_methods(of):
    """The names of the methods that a class has for others."""
    return {name for name, _ in inspect.getmembers(of, inspect.isfunction) if not name.startswith("_")}


def run(loop):
    """Waits for the answer of an asynchronous call, and passes any other on."""
    return lambda answer: loop.run_until_complete(answer) if asyncio.iscoroutine(answer) else answer
