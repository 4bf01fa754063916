"""What the services hand out: frozen values that a window may import without loading the store."""
