"""Answers that join the register's tables; nothing here writes."""
