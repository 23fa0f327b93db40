"""Lines of the checklist that were passed over, with their reasons."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("oversight", "0001_initial"),
        ("results", "0002_register_head"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PassedOver",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "step",
                    models.CharField(
                        choices=[("validation", "validazione dell'OIV"), ("publication", "pubblicazione")],
                        max_length=12,
                        verbose_name="passo",
                    ),
                ),
                ("line", models.CharField(max_length=40)),
                ("count", models.PositiveIntegerField()),
                ("reason", models.TextField(verbose_name="motivo")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="passed_over", to="results.runrecord"
                    ),
                ),
                (
                    "validation",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passed_over",
                        to="oversight.resultsvalidation",
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
            },
        ),
    ]
