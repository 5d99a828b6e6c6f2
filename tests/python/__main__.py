"""Tests Windfall with the official Python clients: scripts/test-python."""

import sys
import unittest

import autumn_py

tests = unittest.defaultTestLoader.loadTestsFromModule(autumn_py)
sys.exit(not unittest.TextTestRunner(verbosity=1).run(tests).wasSuccessful())
