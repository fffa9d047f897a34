"""Indexes by which rare acts are found among millions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("office", "0021_guard_leavers")]

    operations = [
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["-id"], condition=models.Q(("kind", "read")), name="act_read"),
        ),
        migrations.AddIndex(
            model_name="act",
            index=models.Index(fields=["name", "-id"], name="act_by_name"),
        ),
    ]
