"""What readiness does: certify an installation, and check a report."""
