"""The settings of the site under test: an installation of its own in a folder of this process, on plain HTTP."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

_folder = tempfile.mkdtemp(prefix="piramide-site-")
atexit.register(shutil.rmtree, _folder, ignore_errors=True)

os.environ["PIRAMIDE_DATA"] = f"{_folder}/data"
os.environ["PIRAMIDE_STORE"] = f"{_folder}/store"
os.environ["PIRAMIDE_DEMONSTRATION"] = "1"
os.environ["PIRAMIDE_SECRET_KEY"] = "only-for-tests-" + "x" * 48
os.environ["PIRAMIDE_HOSTS"] = "testserver,localhost,127.0.0.1"
os.environ["PIRAMIDE_EMAIL_URL"] = "memorymail://"
if database := os.environ.get("PIRAMIDE_TEST_DATABASE_URL"):
    os.environ["PIRAMIDE_DATABASE_URL"] = database

os.makedirs(f"{_folder}/data/static")  # noqa: PTH103
from piramide.web.settings import *  # noqa: E402, F403 - the settings of the product are what is tested

# A command that another test calls in this process keeps its runs in a store of its own, not in the site's.
os.environ["PIRAMIDE_STORE"] = f"{_folder}/store-of-commands"

# Hashing as slowly as a real site would make every sign-in of a test cost a second.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Tests render their pages themselves: what another test rendered is no proof.
CACHES = {**CACHES, "pages": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}  # noqa: F405 - the product's
INSTALLED_APPS = ["tests.web.emptying", *INSTALLED_APPS]  # noqa: F405 - as above

# A database in memory is one connection, and a server that answers a browser needs one per thread.
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":  # noqa: F405 - as above
    DATABASES["default"]["TEST"] = {"NAME": f"{_folder}/test.sqlite3"}  # noqa: F405 - as above
    DATABASES["default"]["CONN_MAX_AGE"] = 0  # noqa: F405 - threads of a test end without closing what they opened
