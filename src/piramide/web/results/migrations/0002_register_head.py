"""A published run says how long the register of changes was then, and its last hash."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("results", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="runrecord",
            name="register_head",
            field=models.CharField(blank=True, max_length=90, verbose_name="testa del registro"),
        ),
    ]
