"""What factors keep: sealed secrets, digests of recovery codes, passkeys and challenges."""
