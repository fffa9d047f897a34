"""What the database itself refuses of a voucher that enters the difference of a count of cash: a count of other books,
one that two have not confirmed, or one that found what the books say."""

from django.db import migrations

SQL = """
CREATE FUNCTION funds_guard_voucher_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM funds_cashcount c JOIN funds_account a ON a.id = c.account_id
      WHERE c.id = NEW.count_id AND a.book_id = NEW.book_id AND c.state = 'confirmed' AND c.counted <> c.book_balance
        AND c."on" <= NEW."on";
    IF NOT FOUND THEN
        RAISE EXCEPTION 'a difference is that of a confirmed count of these books' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER voucher_of_a_count_is_guarded BEFORE INSERT OR UPDATE ON funds_voucher
    FOR EACH ROW WHEN (NEW.count_id IS NOT NULL) EXECUTE FUNCTION funds_guard_voucher_count();
"""


class Migration(migrations.Migration):
    dependencies = [("funds", "0023_link_counts")]

    operations = [migrations.RunSQL(SQL, migrations.RunSQL.noop)]
