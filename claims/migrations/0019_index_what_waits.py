"""Indexes by which notices are sorted by their days, and by which what waits is found among all that is done: notices
that reached nobody, decisions that are answered in writing, parts that can be paid."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0018_move_month_sums")]

    operations = [
        migrations.AddIndex(
            model_name="decisionnotice",
            index=models.Index(fields=["issued_on"], name="notice_by_issue"),
        ),
        migrations.AddIndex(
            model_name="decisionnotice",
            index=models.Index(fields=["served_on"], name="notice_by_service"),
        ),
        migrations.AddIndex(
            model_name="decisionnotice",
            index=models.Index(
                fields=["issued_on", "id"], condition=models.Q(("way", "")), name="notice_not_served"
            ),
        ),
        migrations.AddIndex(
            model_name="claimsround",
            index=models.Index(
                fields=["id"],
                include=("subject_id",),
                condition=models.Q(
                    models.Q(("step", "committee"), ("outcome", "refused"), _connector="OR"),
                    ("state", "closed"),
                    ("subject_type", "claims.claim"),
                ),
                name="claimsround_to_answer",
            ),
        ),
        migrations.AddIndex(
            model_name="claimpart",
            index=models.Index(
                fields=["approval"], condition=models.Q(("state", "payable")), name="claim_part_payable"
            ),
        ),
    ]
