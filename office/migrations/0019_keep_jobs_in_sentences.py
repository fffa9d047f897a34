"""What a job says is kept as a sentence with its figures, `{"say": …, "with": {…}}`, not as one language's text.

What rows say already becomes a sentence without figures, which is read as it stands; 0020 knows most of them. The way
back keeps the sentences and loses their figures.
"""

from django.db import migrations, models

import office.sentences

TO_SENTENCES = """
ALTER TABLE office_job
    ALTER COLUMN title TYPE jsonb USING jsonb_build_object('say', title, 'with', '{}'::jsonb),
    ALTER COLUMN note TYPE jsonb USING CASE note
        WHEN '' THEN '""'::jsonb ELSE jsonb_build_object('say', note, 'with', '{}'::jsonb) END,
    ALTER COLUMN refusal TYPE jsonb USING CASE refusal
        WHEN '' THEN '""'::jsonb ELSE jsonb_build_object('say', refusal, 'with', '{}'::jsonb) END;
"""
TO_TEXTS = """
ALTER TABLE office_job
    ALTER COLUMN title TYPE varchar(200) USING left(title->>'say', 200),
    ALTER COLUMN note TYPE varchar(200) USING left(coalesce(note->>'say', ''), 200),
    ALTER COLUMN refusal TYPE text USING coalesce(refusal->>'say', '');
"""
REFUSAL = "job_refusal_belongs_to_failure"


class Migration(migrations.Migration):
    dependencies = [("office", "0018_guard_leases")]

    operations = [
        migrations.RemoveConstraint(model_name="job", name=REFUSAL),
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(TO_SENTENCES, TO_TEXTS)],
            state_operations=[
                migrations.AlterField(
                    model_name="job",
                    name="title",
                    field=office.sentences.SentenceField(default=str, verbose_name="title"),
                ),
                migrations.AlterField(
                    model_name="job", name="note", field=office.sentences.SentenceField(blank=True, default=str)
                ),
                migrations.AlterField(
                    model_name="job", name="refusal", field=office.sentences.SentenceField(blank=True, default=str)
                ),
                migrations.AlterField(model_name="job", name="outcome", field=models.JSONField(default=list)),
            ],
        ),
        migrations.AddField(
            model_name="job", name="language", field=models.CharField(default="zh-hans", max_length=8)
        ),
        migrations.AddConstraint(
            model_name="job",
            constraint=models.CheckConstraint(
                condition=models.Q(("refusal", ""), ("state", "failed"), _connector="OR"), name=REFUSAL
            ),
        ),
    ]
