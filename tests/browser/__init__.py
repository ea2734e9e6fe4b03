"""Tests that open the pages in a real Chromium."""
