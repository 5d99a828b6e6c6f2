"""Tests Windfall with the official Python clients: scripts/test-python."""

import sys
import unittest

import autumn_py
import autumn_sdk_billing
import autumn_sdk_calls
import autumn_sdk_stories

autumn_sdk_calls.start()
load = unittest.defaultTestLoader
tests = unittest.TestSuite([load.loadTestsFromModule(autumn_py)])
for module in (autumn_sdk_stories, autumn_sdk_billing):
    tests.addTests(load.loadTestsFromTestCase(case) for case in module.STORIES)
sys.exit(not unittest.TextTestRunner(verbosity=1).run(tests).wasSuccessful())
