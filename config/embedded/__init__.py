"""The servers that come with the checkout: PostgreSQL and Valkey from wheels, for trying, developing and testing.

`place` says where their data is, `postgres` and `valkey` start and stop them, `processes` ties a child to its parent,
`servers` does both together, `office` runs the whole house in the foreground, `__main__` is what make calls.
A real office uses servers of its own (docs/production.md).
"""
