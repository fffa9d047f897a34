"""Indexes by which lists of two million claims are sorted and narrowed, and an invoice's number found at intake."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("claims", "0013_add_agreed_average")]

    operations = [
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(
                fields=["-entered_on", "-id"], include=("total", "proposed"), name="claim_by_intake"
            ),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["kind", "-entered_on", "-id"], name="claim_of_kind"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["discharged_on"], name="claim_by_discharge"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["admitted_on"], name="claim_by_admission"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["total"], name="claim_by_total"),
        ),
        migrations.AddIndex(
            model_name="claim",
            index=models.Index(fields=["proposed"], name="claim_by_proposed"),
        ),
        migrations.AddIndex(
            model_name="invoice",
            index=models.Index(fields=["number"], name="invoice_by_number"),
        ),
        migrations.AddIndex(
            model_name="claimsround",
            index=models.Index(
                fields=["-id"], condition=models.Q(("state", "closed"), _negated=True), name="claimsround_not_closed"
            ),
        ),
        migrations.AddIndex(
            model_name="claimsround",
            index=models.Index(
                fields=["outcome", "-id"],
                condition=models.Q(("outcome", "approved"), _negated=True),
                name="claimsround_not_approved",
            ),
        ),
        migrations.AddIndex(
            model_name="claimsround",
            index=models.Index(
                fields=["subject_id"], condition=models.Q(("step", "committee")), name="claimsround_of_committee"
            ),
        ),
    ]
