"""The first tables of this room."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="e-mail")),
                ("name", models.CharField(max_length=150, verbose_name="nome e cognome")),
                ("is_active", models.BooleanField(default=True, verbose_name="può accedere")),
                ("joined_at", models.DateTimeField(auto_now_add=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Grant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("planner", "Pianificazione e controllo"),
                            ("director", "Direttore della struttura"),
                            ("data_owner", "Responsabile del dato"),
                            ("attester", "Attestatore"),
                            ("oiv", "OIV"),
                            ("auditor", "Revisore"),
                            ("publisher", "Responsabile della pubblicazione"),
                            ("administrator", "Amministratore del sito"),
                        ],
                        max_length=20,
                        verbose_name="ruolo",
                    ),
                ),
                ("structure", models.CharField(max_length=100, verbose_name="struttura")),
                ("since", models.DateField(verbose_name="dal")),
                ("until", models.DateField(blank=True, null=True, verbose_name="fino al")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="motivo o atto")),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "delegated_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="delegations",
                        to="accounts.grant",
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="given_grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="grants", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["user", "role", "structure"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("until", None), ("until__gt", models.F("since")), _connector="OR"),
                        name="grant_ends_after_it_begins",
                    )
                ],
            },
        ),
    ]
