"""What the office does with the register: one function per thing, the only writers. Locks: households, then members."""
