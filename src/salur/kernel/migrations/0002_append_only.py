"""The ledger refuses UPDATE and DELETE, whoever asks; and the extension by which titles are searched."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations

FORWARD = """
CREATE FUNCTION kernel_entry_is_final() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only: entry % stays as it was written', OLD.id;
END $$;
CREATE TRIGGER kernel_entry_append_only BEFORE UPDATE OR DELETE ON kernel_entry
    FOR EACH ROW EXECUTE FUNCTION kernel_entry_is_final();
"""
BACKWARD = """
DROP TRIGGER kernel_entry_append_only ON kernel_entry;
DROP FUNCTION kernel_entry_is_final();
"""


class Migration(migrations.Migration):
    dependencies = [("kernel", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD), TrigramExtension()]
