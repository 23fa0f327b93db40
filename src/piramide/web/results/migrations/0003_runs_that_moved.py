"""Whether a run came or was published is read from an index: every page asks."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("results", "0002_register_head")]

    operations = [
        migrations.AddIndex(
            model_name="runrecord",
            index=models.Index(fields=["published_at", "made_at"], name="results_runs_that_moved"),
        ),
    ]
