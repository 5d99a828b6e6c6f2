"""autumn-sdk, the second generation: its operations by name, waiting and asynchronous."""

import asyncio
import json
import unittest

import autumn_sdk
from autumn_sdk.basesdk import BaseSDK
from autumn_sdk.errors import AutumnDefaultError

from coverage import Calls, public_methods, run
from stack import BASE, KEY, card, fresh

CALLS = {}


def operations_of(sdk):
    """What the client has a method for, by name, and the groups that cannot be imported."""
    found, broken = set(), set()
    for group in ("", *type(sdk)._sub_sdk_map):
        try:
            methods = public_methods(type(getattr(sdk, group) if group else sdk)) - public_methods(BaseSDK)
        except NameError:
            broken.add(group)
            continue
        found |= {f"{group}.{name}".lstrip(".") for name in methods if f"{name}_async" in methods}
    return found, broken


def connect(name, sdk, wait=None):
    """Calls of a client; those of its asynchronous methods if wait is given."""
    operations, broken = operations_of(sdk)

    def make(operation, *args, **kwargs):
        of = sdk
        for part in (operation if wait is None else operation + "_async").split("."):
            of = getattr(of, part)
        return of(*args, **kwargs) if wait is None else wait(of(*args, **kwargs))

    calls = Calls(name, operations, make)
    calls.broken = broken
    return calls


class Story(unittest.TestCase):
    """A story told twice: by the methods that wait, and by the asynchronous ones."""

    @classmethod
    def setUpClass(cls):
        cls.sdk = CALLS["waiting"] if cls.__name__.endswith("Waiting") else CALLS["asynchronous"]
        fresh()

    def refused(self, status, reason, operation, /, *args, **kwargs):
        """Expects a refusal, and returns its sentence."""
        with self.assertRaises(AutumnDefaultError) as refusal:
            operation(*args, **kwargs)
        body = json.loads(refusal.exception.body)
        self.assertEqual((refusal.exception.status_code, body["code"], sorted(body)), (status, reason, ["code", "env", "message"]), body["message"])
        return body["message"]

    def not_offered(self, says, operation, /, *args, **kwargs):
        """Expects that an operation is not offered, and that the sentence says what to use instead."""
        self.assertRegex(self.refused(404, "not_supported", operation, *args, **kwargs), says)

    def payer(self, customer):
        self.sdk.customers.get_or_create(customer_id=customer)
        card(customer)
        return customer


def both(story):
    """The two test cases of a story, to be put into its module."""
    return [type(story.__name__ + way, (story, Story), {"__module__": story.__module__}) for way in ("Waiting", "Asynchronous")]


def start(version):
    """Connects the client in both ways. Nothing fails open, so a broken answer is seen."""
    settings = {"secret_key": KEY, "server_url": BASE, "fail_open": False}
    loop = asyncio.new_event_loop()
    CALLS["waiting"] = connect(f"autumn-sdk {version} waiting", autumn_sdk.Autumn(**settings))
    CALLS["asynchronous"] = connect(f"autumn-sdk {version} asynchronous", autumn_sdk.Autumn(**settings), run(loop))
