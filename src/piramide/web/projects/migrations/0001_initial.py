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
            name="ProjectRecord",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=60, verbose_name="codice")),
                ("structure", models.CharField(max_length=100, verbose_name="struttura")),
                ("title", models.CharField(max_length=200, verbose_name="titolo")),
                ("programme", models.CharField(blank=True, max_length=60, verbose_name="programma")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["code"],
                "constraints": [models.UniqueConstraint(fields=("code", "structure"), name="registered_once")],
            },
        ),
        migrations.CreateModel(
            name="ProjectStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("project", models.CharField(max_length=60)),
                ("structure", models.CharField(max_length=100)),
                ("deliverable", models.CharField(max_length=60)),
                ("day", models.DateField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("planned", "prevista"),
                            ("delivered", "consegnata"),
                            ("attested", "attestata"),
                            ("validated", "validata"),
                            ("refused", "respinta"),
                        ],
                        max_length=10,
                    ),
                ),
                ("progress", models.DecimalField(decimal_places=2, max_digits=5)),
                ("note", models.CharField(blank=True, max_length=500)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "indexes": [models.Index(fields=["project", "structure"], name="projects_pr_project_6e4396_idx")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("progress__gte", 0), ("progress__lte", 100)), name="progress_from_0_to_100"
                    ),
                    models.UniqueConstraint(
                        fields=("project", "structure", "deliverable", "kind", "day"), name="one_step_of_a_kind_a_day"
                    ),
                ],
            },
        ),
    ]
