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
            name="Draft",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("pack", models.SlugField(max_length=60, unique=True, verbose_name="nome del piano")),
                ("label", models.CharField(max_length=200, verbose_name="titolo")),
                ("year", models.PositiveSmallIntegerField(verbose_name="anno")),
                ("base", models.CharField(max_length=100, verbose_name="parte da")),
                ("base_hash", models.CharField(max_length=80)),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("draft", "in lavorazione"),
                            ("proposed", "proposta, in attesa del parere"),
                            ("cleared", "con parere favorevole, da adottare"),
                            ("adopted", "adottata"),
                        ],
                        default="draft",
                        max_length=10,
                        verbose_name="stato",
                    ),
                ),
                ("revision", models.PositiveIntegerField(default=0)),
                ("circuit", models.PositiveSmallIntegerField(default=1)),
                ("opened_at", models.DateTimeField(auto_now_add=True)),
                ("adopted_hash", models.CharField(blank=True, max_length=80)),
                (
                    "opened_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts_opened",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-opened_at", "-pk"],
            },
        ),
        migrations.CreateModel(
            name="DraftEdit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("revision", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("weight", "peso"),
                            ("target", "obiettivo"),
                            ("added", "indicatore assegnato"),
                            ("removed", "indicatore tolto"),
                        ],
                        max_length=10,
                        verbose_name="che cosa",
                    ),
                ),
                ("structure", models.CharField(max_length=100, verbose_name="struttura")),
                ("node", models.CharField(max_length=300)),
                ("label", models.CharField(max_length=500)),
                ("before", models.CharField(blank=True, max_length=100, verbose_name="prima")),
                ("value", models.CharField(blank=True, max_length=100, verbose_name="dopo")),
                ("parent", models.CharField(blank=True, max_length=300)),
                ("indicator", models.CharField(blank=True, max_length=300)),
                ("target", models.CharField(blank=True, max_length=100)),
                ("place", models.CharField(blank=True, max_length=100, verbose_name="dove nell'atto")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="perché")),
                ("at", models.DateTimeField(auto_now_add=True)),
                ("undone_in", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="draft_edits",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="edits", to="plans.draft"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="edits_undone",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["revision", "pk"],
                "indexes": [models.Index(fields=["draft", "structure"], name="plans_draft_draft_i_08b690_idx")],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("circuit", models.PositiveSmallIntegerField()),
                (
                    "step",
                    models.CharField(
                        choices=[
                            ("proposal", "Proposta"),
                            ("opinion", "Parere dell'OIV"),
                            ("adoption", "Adozione"),
                            ("return", "Ritorno in lavorazione"),
                        ],
                        max_length=10,
                        verbose_name="passo",
                    ),
                ),
                (
                    "opinion",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("favourable", "favorevole"),
                            ("with_remarks", "favorevole con osservazioni"),
                            ("unfavourable", "sfavorevole"),
                        ],
                        max_length=20,
                        verbose_name="parere",
                    ),
                ),
                ("act", models.CharField(blank=True, max_length=100, verbose_name="numero dell'atto")),
                ("act_day", models.DateField(verbose_name="data dell'atto")),
                ("issuer", models.CharField(blank=True, max_length=200, verbose_name="organo")),
                ("note", models.TextField(blank=True, verbose_name="nota")),
                ("content", models.CharField(blank=True, max_length=80)),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="passages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="passages", to="plans.draft"
                    ),
                ),
            ],
            options={
                "ordering": ["pk"],
                "constraints": [
                    models.UniqueConstraint(fields=("draft", "circuit", "step"), name="gate_passed_once_a_circuit")
                ],
            },
        ),
    ]
