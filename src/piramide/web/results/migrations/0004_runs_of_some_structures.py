"""Runs tell whether they were asked for some structures alone: those that are known are read again in the store."""

from django.apps.registry import Apps
from django.conf import settings
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from piramide.cycle.runs.store import Store
from piramide.kernel.findings import Refusal


def find_partial(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    records, store = apps.get_model("results", "RunRecord").objects, Store(settings.CONFIGURATION.store)
    for name in records.values_list("run", flat=True):
        try:
            partial = bool(store.run(name).manifest["structures"])
        except Refusal:  # a run that cannot be read is told by `verify`
            continue
        if partial:
            records.filter(run=name).update(is_partial=True)


class Migration(migrations.Migration):
    dependencies = [("results", "0003_runs_that_moved")]

    operations = [
        migrations.AddField("runrecord", "is_partial", models.BooleanField(default=False)),
        migrations.RunPython(find_partial, migrations.RunPython.noop),
    ]
