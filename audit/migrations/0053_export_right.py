"""Whoever may take everything along for the audit bureau has a right of his own."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("audit", "0052_guard_report_texts")]

    operations = [
        migrations.AlterModelOptions(
            name="engagement",
            options={
                "ordering": ["-pk"],
                "permissions": [("make_export", "Can take everything along for the audit bureau")],
                "verbose_name": "engagement",
            },
        ),
    ]
