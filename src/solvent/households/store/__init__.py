"""The SQL of households: they themselves, their members, and invitations to them."""
