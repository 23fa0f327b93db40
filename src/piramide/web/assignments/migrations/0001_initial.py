"""The first tables of this room."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("accounts", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Issue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("assignment", models.CharField(max_length=64, unique=True)),
                ("plan", models.CharField(max_length=100, verbose_name="piano")),
                ("plan_hash", models.CharField(max_length=80)),
                ("number", models.CharField(max_length=100, verbose_name="numero dell'atto")),
                ("act_day", models.DateField(verbose_name="data dell'atto")),
                ("issuer", models.CharField(blank=True, max_length=200, verbose_name="organo")),
                ("protocol", models.CharField(blank=True, max_length=100, verbose_name="protocollo")),
                ("signed_by", models.CharField(blank=True, max_length=200, verbose_name="firmato da")),
                ("is_signed", models.BooleanField(default=False)),
                ("holds_from", models.DateField(verbose_name="gli obiettivi valgono dal")),
                ("answer_by", models.DateField(verbose_name="presa visione entro il")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="AssignedSheet",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("structure", models.CharField(max_length=100, verbose_name="struttura")),
                ("year", models.PositiveSmallIntegerField(verbose_name="anno")),
                ("content", models.CharField(max_length=80)),
                ("is_current", models.BooleanField(default=True)),
                (
                    "replaced_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaces",
                        to="assignments.assignedsheet",
                    ),
                ),
                (
                    "issue",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sheets", to="assignments.issue"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reservation", models.TextField(blank=True, verbose_name="riserva")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.grant"
                    ),
                ),
                (
                    "sheet",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="acknowledgements",
                        to="assignments.assignedsheet",
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [models.UniqueConstraint(fields=("sheet", "office"), name="acknowledged_once")],
            },
        ),
        migrations.AddConstraint(
            model_name="assignedsheet",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_current", True)), fields=("structure", "year"), name="one_current_sheet_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="assignedsheet",
            constraint=models.UniqueConstraint(fields=("issue", "structure"), name="one_sheet_of_an_act"),
        ),
    ]
