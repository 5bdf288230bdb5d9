from django.db import migrations

from audit import protection
from audit.chain import GENESIS


def start_chain(apps, schema_editor):
    apps.get_model("audit", "AuditHead").objects.get_or_create(pk=1, defaults={"hash": GENESIS})


def protect(apps, schema_editor):
    protection.install(schema_editor.connection)


def unprotect(apps, schema_editor):
    protection.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunPython(start_chain, migrations.RunPython.noop),
        migrations.RunPython(protect, unprotect),
    ]
