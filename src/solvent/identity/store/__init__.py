"""What identity keeps: people, their sessions, and the attempts that failed."""
