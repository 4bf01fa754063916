"""The health office on the screen: one page of sections, and a student's health file."""
