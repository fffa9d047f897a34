"""Books that are open already may enter what a count of cash found, and fees that a bank took."""

from django.db import migrations

BANKS = ("special_account", "income_account", "spending_account")
PAIRS = [
    ("cash_difference", "cash", "other_income"),
    ("cash_difference", "cash", "prepaid"),
    ("cash_difference", "prepaid", "cash"),
    *(("bank_fee", "prepaid", one) for one in BANKS),
    *(("bank_fee", one, "prepaid") for one in BANKS),
]


def allow(apps, schema_editor):
    owner = schema_editor.connection.alias
    Account, Flow = (apps.get_model("funds", name).objects.using(owner) for name in ("Account", "Flow"))
    known = {}
    for one in Account.filter(is_entered_on=True).order_by("pk"):
        known.setdefault(one.book_id, {})[one.purpose] = one.pk
    Flow.bulk_create(
        Flow.model(book_id=book, kind=kind, debit_id=accounts[debit], credit_id=accounts[credit])
        for book, accounts in sorted(known.items())
        for kind, debit, credit in PAIRS
        if debit in accounts and credit in accounts
    )


class Migration(migrations.Migration):
    dependencies = [("funds", "0021_lay_out_differences")]

    operations = [migrations.RunPython(allow, migrations.RunPython.noop)]
