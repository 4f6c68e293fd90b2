"""Use cases of factors: set up, prove, take away."""
