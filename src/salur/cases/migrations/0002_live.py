"""Open pages learn of changes: whatever writes a case or joins a message to it rings, once a transaction and case."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION cases_case_rings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('salur_live', NEW.government_id || ':' || coalesce(NEW.agency_id, 0) || ':' || NEW.id);
    IF TG_OP = 'UPDATE' AND OLD.agency_id IS DISTINCT FROM NEW.agency_id THEN
        PERFORM pg_notify('salur_live', NEW.government_id || ':' || coalesce(OLD.agency_id, 0) || ':' || NEW.id);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_case_live AFTER INSERT OR UPDATE ON cases_case
    FOR EACH ROW EXECUTE FUNCTION cases_case_rings();
CREATE FUNCTION cases_casemessage_rings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('salur_live', c.government_id || ':' || coalesce(c.agency_id, 0) || ':' || c.id)
        FROM cases_case AS c WHERE c.id = NEW.case_id;
    RETURN NULL;
END $$;
CREATE TRIGGER cases_casemessage_live AFTER INSERT ON cases_casemessage
    FOR EACH ROW EXECUTE FUNCTION cases_casemessage_rings();
"""
BACKWARD = """
DROP TRIGGER cases_casemessage_live ON cases_casemessage;
DROP FUNCTION cases_casemessage_rings();
DROP TRIGGER cases_case_live ON cases_case;
DROP FUNCTION cases_case_rings();
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
