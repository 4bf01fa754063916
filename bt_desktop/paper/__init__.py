"""What is printed: answers to PDF bytes, seal, verify; no Qt, no SQL."""
