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
            name="Appointment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=200, verbose_name="che cosa")),
                ("day", models.DateField(verbose_name="entro il")),
                (
                    "duty",
                    models.CharField(
                        choices=[
                            ("read_results", "leggere i risultati non ancora pubblicati"),
                            ("read_plan", "leggere le bozze del piano"),
                            ("edit_plan", "modificare le bozze del piano"),
                            ("propose_plan", "proporre il piano"),
                            ("give_opinion", "dare il parere dell'OIV"),
                            ("adopt_plan", "registrare l'adozione del piano"),
                            ("manage_campaigns", "aprire e chiudere le campagne di raccolta"),
                            ("collect", "inserire i valori"),
                            ("confirm", "confermare i valori"),
                            ("contest", "contestare un dato"),
                            ("attest", "attestare i prodotti dei progetti"),
                            ("validate_project", "validare i prodotti dei progetti"),
                            ("run_jobs", "caricare, misurare e calcolare"),
                            ("adjust", "registrare rettifiche"),
                            ("oversee", "vedere esecuzioni, allarmi e rettifiche"),
                            ("verify", "verificare un'esecuzione"),
                            ("read_audit", "leggere il registro delle modifiche"),
                            ("validate_results", "validare i risultati"),
                            ("publish", "pubblicare i risultati"),
                            ("manage_users", "gestire utenti e ruoli"),
                        ],
                        max_length=30,
                        verbose_name="di chi può",
                    ),
                ),
                ("structure", models.CharField(max_length=100, verbose_name="struttura")),
                ("act", models.CharField(blank=True, max_length=300, verbose_name="atto")),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("cancelled_at", models.DateTimeField(null=True)),
                (
                    "made_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["day", "pk"],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "rhythm",
                    models.CharField(
                        choices=[
                            ("immediate", "un messaggio per ogni cosa, appena c'è"),
                            ("daily", "un riepilogo al giorno, solo se c'è qualcosa"),
                            ("none", "nessuna posta: leggo qui"),
                        ],
                        default="daily",
                        max_length=10,
                        verbose_name="per posta",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("it", "Italiano"), ("en", "Inglese")],
                        default="it",
                        max_length=5,
                        verbose_name="lingua",
                    ),
                ),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="preference",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("sent_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("user", "day"), name="one_digest_a_day")],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=200)),
                ("text", models.CharField(max_length=400)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("due", models.DateField(null=True)),
                ("made_at", models.DateTimeField(auto_now_add=True)),
                ("read_at", models.DateTimeField(null=True)),
                ("mailed_at", models.DateTimeField(null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at", "-pk"],
                "constraints": [models.UniqueConstraint(fields=("user", "key"), name="told_once")],
            },
        ),
    ]
