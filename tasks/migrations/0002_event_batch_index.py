from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("tasks", "0001_initial"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="reportevent",
            index=models.Index(condition=models.Q(("batch__isnull", False)), fields=["batch"], name="event_of_batch"),
        ),
    ]
