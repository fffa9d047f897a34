"""The audit stands on all that comes before it; its tables follow, one room after the other."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("office", "0022_index_acts"),
        ("enrollment", "0013_move_year_sums"),
        ("claims", "0018_move_month_sums"),
        ("funds", "0024_guard_counts"),
    ]

    operations = []
