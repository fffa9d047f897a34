"""Columns that the lists share."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.template import Context, loader


class Fragment(tables.Column):
    """A cell set by a small template of its own (`record` is the row).

    django-tables2's TemplateColumn asks for the page's surroundings again in every row, two queries each; this one
    uses the page's own context.
    """

    empty_values = ()

    def __init__(self, template_name: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.template_name = template_name

    def render(self, record: Any, table: tables.Table) -> str:
        """The cell on the page."""
        context: Context = getattr(table, "context", None) or Context()
        with context.push(record=record):
            cell: str = loader.get_template(self.template_name).template.render(context)  # type: ignore[attr-defined]
            return cell
