"""Tools: what sets the checkout up and keeps it in order; no part of Solvent itself."""
