"""Indexes by which the lists of 400,000 people and their households are sorted, and few are found among them."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0009_guard_collection")]

    operations = [
        migrations.AddIndex(
            model_name="household",
            index=models.Index(fields=["-id"], condition=Q(ended_on__isnull=False), name="household_ended"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["name"], name="member_by_name"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["birth_date"], name="member_by_birth_date"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(
                fields=["category", "-id"], condition=~Q(category="ordinary"), name="member_of_category"
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["state", "-id"], condition=~Q(state="living"), name="member_no_longer_living"),
        ),
    ]
