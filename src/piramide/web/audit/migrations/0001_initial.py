"""The first tables of this room."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("number", models.PositiveBigIntegerField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="quando")),
                ("who", models.CharField(max_length=400, verbose_name="chi")),
                ("verb", models.CharField(max_length=60, verbose_name="che cosa")),
                ("subject", models.CharField(max_length=300, verbose_name="su che cosa")),
                ("structure", models.CharField(blank=True, max_length=100, verbose_name="struttura")),
                ("before", models.JSONField(null=True, verbose_name="prima")),
                ("after", models.JSONField(null=True, verbose_name="dopo")),
                ("reason", models.TextField(blank=True, verbose_name="perché")),
                ("act", models.CharField(blank=True, max_length=300, verbose_name="atto")),
                ("previous", models.CharField(max_length=64)),
                ("hash", models.CharField(max_length=64, unique=True)),
            ],
            options={
                "verbose_name": "modifica",
                "verbose_name_plural": "registro delle modifiche",
                "ordering": ["number"],
            },
        ),
    ]
