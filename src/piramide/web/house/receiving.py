"""Receiving files: never more than the limit, and a full disk is a sentence, not a trace."""

from __future__ import annotations

from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest
from django.utils.translation import gettext as _

from piramide.kernel.findings import Finding, Place, refuse

_FAULT: Final = "piramide.upload_fault"
_LARGE: Final = "large"
_MEGABYTE: Final = 1024 * 1024


class LimitHandler(FileUploadHandler):
    """Counts what comes in and stops at the limit of the installation."""

    seen = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django's signature
        """Pass a piece on, or stop."""
        self.seen += len(raw_data)
        if self.seen > settings.UPLOAD_LIMIT:
            _note(self.request, _LARGE)
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """Leave the file to the handlers that keep it."""


class CarefulHandler(TemporaryFileUploadHandler):
    """Keeps large files in a temporary one; a disk that cannot take it ends the upload in words."""

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin a file."""
        try:
            super().new_file(*args, **kwargs)
        except OSError as error:
            _note(self.request, error.strerror or str(error))
            raise StopUpload(connection_reset=False) from error

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece."""
        try:
            super().receive_data_chunk(raw_data, start)
        except OSError as error:
            _note(self.request, error.strerror or str(error))
            raise StopUpload(connection_reset=False) from error


def _note(request: HttpRequest | None, fault: str) -> None:
    if request is not None:
        request.META[_FAULT] = fault


def is_sent(request: HttpRequest) -> bool:
    """Whether a form came with a file, or with one that had to be stopped."""
    return bool(request.FILES) or _FAULT in request.META


def upload_fault(request: HttpRequest) -> str:
    """Why a file did not come whole, for who sent facts; empty when it did."""
    fault = request.META.get(_FAULT) if is_sent(request) else None
    if fault == _LARGE:
        size = settings.UPLOAD_LIMIT // _MEGABYTE
        return _("Il file supera %(size)s MB: caricalo con il comando «piramide facts load».") % {"size": size}
    return Finding("CO005", Place("file"), fields={"problem": fault}).message() if fault else ""


def received(request: HttpRequest, field: str) -> UploadedFile[Any]:
    """The file of a form. Refuses CO002 one over the limit, CO005 one that the disk could not take, CO013 none."""
    file = request.FILES.get(field)  # reading it is what receives it
    fault = request.META.get(_FAULT)
    if fault == _LARGE or (file is not None and (file.size or 0) > settings.UPLOAD_LIMIT):
        raise refuse("CO002", Place(file.name or "" if file else "file"), most=settings.UPLOAD_LIMIT // _MEGABYTE)
    if fault:
        raise refuse("CO005", Place("file"), problem=fault)
    if not isinstance(file, UploadedFile) or not file.size:
        raise refuse("CO013")
    return file
