"""Features with autumn-sdk: by release 1.1.0, as nobody can import those of 1.2.0."""

import importlib.metadata
import os
import subprocess
import sys
import unittest

from autumn_sdk_calls import CALLS, both

VERSION = importlib.metadata.version("autumn-sdk")


class Features:
    def test_every_operation(self):
        features = self.sdk.features
        made = features.create(feature_id="exports", name="Exports", type_="metered", consumable=True, display={"singular": "export", "plural": "exports"}, event_names=["exported"])
        self.assertEqual((made.id, made.name, made.type, made.consumable, made.display.plural, made.event_names, made.archived), ("exports", "Exports", "metered", True, "exports", ["exported"], False))
        self.assertEqual(features.get(feature_id="exports"), type(features.get(feature_id="exports"))(**made.model_dump()))
        changed = features.update(feature_id="exports", name="Downloads", archived=True)
        self.assertEqual((changed.name, changed.archived, changed.consumable), ("Downloads", True, True))
        self.assertEqual({(f.id, f.type, f.consumable) for f in features.list(request={}).list},
            {("credits", "credit_system", True), ("dashboard", "boolean", False), ("messages", "metered", True), ("seats", "metered", False), ("exports", "metered", True)})
        self.assertTrue(features.delete(feature_id="exports").success)
        self.refused(404, "feature_not_found", features.get, feature_id="exports")
        self.refused(404, "feature_not_found", features.update, feature_id="exports", name="X")
        self.refused(404, "feature_not_found", features.delete, feature_id="exports")
        self.refused(409, "duplicate_feature_id", features.create, feature_id="messages", name="Messages", type_="boolean")
        self.refused(400, "invalid_feature", features.create, feature_id="x", name="X", type_="metered")


class ReleaseBefore(unittest.TestCase):
    def test_features_of_1_2_cannot_be_imported(self):
        for calls in CALLS.values():
            self.assertEqual(calls.broken, {"features"}, "they can be again: call them with this release, and leave 1.1.0 out")

    def test_features_with_1_1(self):
        here = os.path.dirname(__file__)
        path = os.path.join(sys.prefix, "autumn-sdk-1.1.0")
        done = subprocess.run([sys.executable, here], env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)


STORIES = [ReleaseBefore] if VERSION == "1.2.0" else both(Features)
