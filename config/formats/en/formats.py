"""Dates and numbers look alike in both languages."""

from config.formats.zh_Hans.formats import *  # noqa: F403  Django reads the names of this module
