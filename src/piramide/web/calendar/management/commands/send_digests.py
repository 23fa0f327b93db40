"""`send_digests`: remind people of what is due. Run it every hour; each person gets one digest a day."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from piramide.web.calendar.reminders import send_digests


class Command(BaseCommand):
    """Remind people of what is due."""

    help = "Make the messages of the day and send the mail that each person wants."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The day, for who missed one."""
        parser.add_argument("--day", type=date.fromisoformat, default=None)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Send; fail when the mail server did not take something, so that a timer says so."""
        sent = send_digests(options["day"] or timezone.localdate())
        self.stdout.write(f"messages={sent.messages} mails={sent.mails} failures={sent.failures}")
        if sent.failures:
            raise CommandError("some mail did not leave: the next round tries again")
