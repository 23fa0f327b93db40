"""An adopted version says from which day it is the plan in force."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="draft",
            name="effective_on",
            field=models.DateField(blank=True, null=True, verbose_name="in vigore dal"),
        )
    ]
