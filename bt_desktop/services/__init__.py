"""What people do: one method per deed, roles checked here, no Qt."""
