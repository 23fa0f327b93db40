"""The first tables of this room."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RunRecord",
            fields=[
                ("run", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("pack", models.CharField(max_length=100)),
                ("period", models.CharField(max_length=10, verbose_name="periodo")),
                ("ends_on", models.DateField()),
                ("is_demonstration", models.BooleanField(default=False)),
                ("made_at", models.DateTimeField(verbose_name="eseguita")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="motivo")),
                ("published_at", models.DateTimeField(blank=True, null=True, verbose_name="pubblicata")),
                ("publication_act", models.CharField(blank=True, max_length=300, verbose_name="atto")),
                (
                    "made_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs_made",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="runs_published",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-ends_on", "-made_at"],
                "indexes": [models.Index(fields=["-ends_on", "-made_at"], name="results_run_ends_on_49d114_idx")],
            },
        ),
    ]
