"""The keys that programs show."""

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
            name="Key",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=100, verbose_name="a che cosa serve")),
                ("beginning", models.CharField(max_length=12)),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("actions", models.JSONField(verbose_name="che cosa permette")),
                ("structure", models.CharField(max_length=100, verbose_name="struttura")),
                ("made_at", models.DateTimeField(auto_now_add=True, verbose_name="creata")),
                ("ends_on", models.DateField(verbose_name="scade")),
                ("used_on", models.DateField(blank=True, null=True, verbose_name="usata")),
                ("revoked_at", models.DateTimeField(blank=True, null=True)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="keys", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "ordering": ["-made_at"],
            },
        ),
    ]
