"""More is done, so more can be due."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("calendar", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="appointment",
            name="duty",
            field=models.CharField(
                choices=[
                    ("read_results", "leggere i risultati non ancora pubblicati"),
                    ("read_plan", "leggere le bozze del piano"),
                    ("edit_plan", "modificare le bozze del piano"),
                    ("propose_plan", "proporre il piano"),
                    ("give_opinion", "dare il parere dell'OIV"),
                    ("adopt_plan", "registrare l'adozione del piano"),
                    ("issue_sheets", "assegnare le schede degli obiettivi"),
                    ("acknowledge", "prendere visione della scheda assegnata"),
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
    ]
