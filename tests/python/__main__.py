"""Tests Windfall with the official Python clients: scripts/test-python."""

import sys
import unittest

import autumn_py
import autumn_sdk_billing
import autumn_sdk_calls
import autumn_sdk_features
import autumn_sdk_stories
from coverage import gaps

# How much each client can do. Another number is another version of it.
COUNTS = {"autumn-py 3.1.9 Waiting": 26, "autumn-py 3.1.9 Asynchronous": 26, "autumn-sdk 1.2.0 waiting": 87, "autumn-sdk 1.2.0 asynchronous": 87}

# What is not offered here. Each is asked for all the same: 404 not_supported.
NOT_OFFERED = ("entities.transfer", "track_tokens", "billing.import_", "billing.verify", "invoices.", "keys.", "licenses.", "logs.", "platform.", "sandboxes.", "webhooks.")


def offered(operation):
    return operation == "invoices.list" or not operation.startswith(NOT_OFFERED)


class EveryOperation(unittest.TestCase):
    """Runs last: what the clients have a method for, the tests above have called."""

    maxDiff = None

    def test_is_called(self):
        clients = [*autumn_py.CALLS.values(), *autumn_sdk_calls.CALLS.values()]
        self.assertEqual([gap for calls in clients for gap in gaps(calls, offered)], [])
        self.assertEqual({calls.name: len(calls.operations) for calls in clients}, COUNTS)

    def test_is_called_of_features(self):
        """With the release before, whose other operations are not called."""
        for calls in autumn_sdk_calls.CALLS.values():
            calls.operations = {operation for operation in calls.operations if operation.startswith("features.")}
            self.assertEqual(len(calls.operations), 5)
            self.assertEqual(gaps(calls, offered), [])


def chosen(words):
    """All tests, or those with one of these words in their name."""
    whole = autumn_sdk_features.VERSION == "1.2.0"
    cases = [*autumn_sdk_features.STORIES]
    if whole:
        cases += [autumn_py.Waiting, autumn_py.Asynchronous, *autumn_sdk_stories.STORIES, *autumn_sdk_billing.STORIES]
    every = [test for case in cases for test in unittest.defaultTestLoader.loadTestsFromTestCase(case)]
    if words:
        return unittest.TestSuite(test for test in every if any(word in test.id() for word in words))
    return unittest.TestSuite([*every, EveryOperation("test_is_called" if whole else "test_is_called_of_features")])


autumn_sdk_calls.start(autumn_sdk_features.VERSION)
sys.exit(not unittest.TextTestRunner(verbosity=1).run(chosen(sys.argv[1:])).wasSuccessful())
