"""The first tables of this room."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("results", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="PlanFindings",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pack", models.CharField(max_length=100)),
                ("hash", models.CharField(max_length=80, unique=True)),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("relations", models.PositiveIntegerField(default=0)),
                ("failing", models.PositiveIntegerField(default=0)),
                ("findings", models.JSONField(default=list)),
            ],
        ),
        migrations.CreateModel(
            name="AlarmReport",
            fields=[
                ("period", models.CharField(max_length=10, primary_key=True, serialize=False)),
                ("ends_on", models.DateField()),
                ("at", models.DateTimeField()),
                ("by_chance", models.FloatField()),
                ("alarms", models.JSONField(default=list)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-ends_on", "-at"],
            },
        ),
        migrations.CreateModel(
            name="ResultsValidation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.UUIDField(unique=True)),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("validated", "validati"),
                            ("remarks", "validati con osservazioni"),
                            ("refused", "non validati"),
                        ],
                        max_length=10,
                        verbose_name="esito",
                    ),
                ),
                ("act", models.CharField(max_length=300, verbose_name="atto")),
                ("day", models.DateField(verbose_name="data dell'atto")),
                ("text", models.TextField(verbose_name="testo")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="validations",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="validations", to="results.runrecord"
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Verification",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("is_whole", models.BooleanField()),
                ("difference", models.JSONField(null=True)),
                ("made_with", models.CharField(blank=True, max_length=40)),
                ("verified_with", models.CharField(blank=True, max_length=40)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verifications",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="verifications",
                        to="results.runrecord",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="Adjustment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.UUIDField(unique=True)),
                ("structure", models.CharField(max_length=100)),
                ("indicator", models.CharField(max_length=200)),
                ("label", models.CharField(max_length=300)),
                ("unit", models.CharField(blank=True, max_length=40)),
                ("period", models.CharField(max_length=10)),
                ("value_before", models.CharField(blank=True, max_length=60)),
                ("status_before", models.CharField(max_length=20)),
                ("value_after", models.CharField(max_length=60)),
                ("reason", models.CharField(max_length=500)),
                ("act", models.CharField(max_length=300)),
                ("effect", models.JSONField(default=dict)),
                (
                    "state",
                    models.CharField(
                        choices=[("proposed", "proposta"), ("confirmed", "confermata"), ("withdrawn", "ritirata")],
                        default="proposed",
                        max_length=10,
                    ),
                ),
                ("proposed_at", models.DateTimeField(auto_now_add=True)),
                ("decided_at", models.DateTimeField(null=True)),
                ("withdrawal_reason", models.CharField(blank=True, max_length=500)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustments_decided",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "new_run",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="made_by_adjustment",
                        to="results.runrecord",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="adjustments_proposed",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="adjustments", to="results.runrecord"
                    ),
                ),
            ],
            options={
                "ordering": ["-proposed_at", "-pk"],
                "indexes": [models.Index(fields=["state"], name="oversight_a_state_bfca9e_idx")],
            },
        ),
        migrations.CreateModel(
            name="AlarmNote",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("token", models.UUIDField(unique=True)),
                ("key", models.CharField(max_length=16)),
                ("structure", models.CharField(max_length=100)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("seen", "presa visione"),
                            ("asked", "chiesta una spiegazione all'ufficio"),
                            ("reason", "ragione riferita dall'ufficio"),
                        ],
                        max_length=10,
                        verbose_name="che cosa",
                    ),
                ),
                ("text", models.TextField(verbose_name="motivo")),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alarm_notes",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notes", to="oversight.alarmreport"
                    ),
                ),
            ],
            options={
                "ordering": ["at", "pk"],
                "indexes": [models.Index(fields=["report", "key"], name="oversight_a_report__7c383e_idx")],
            },
        ),
    ]
