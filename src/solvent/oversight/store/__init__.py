"""What oversight reads: the trail of a household, a person's events, and what may be retired."""
