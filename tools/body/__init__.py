"""Draws the figures of the body map: `python -m tools.body` writes `resources/body/*/*.svg`."""
