"""Forms with a file (multipart/form-data, RFC 7578): a few fields, read whole from a bounded body."""

from __future__ import annotations

import re
from email.message import Message
from email.parser import BytesParser
from email.policy import HTTP

MULTIPART = "multipart/form-data"
_DECLARED = re.compile(rb"""<\?xml[^>]*?(\sencoding=["']([A-Za-z0-9._-]+)["'])""")


def parts_of(content_type: str, body: bytes, most: int) -> list[tuple[str, str]]:
    """The fields of a form: name and text. Raises ValueError for what is no such form, or has more than `most`."""
    head = b"Content-Type: " + content_type.encode("latin-1", "replace").replace(b"\n", b" ") + b"\r\n\r\n"
    parsed = BytesParser(policy=HTTP).parsebytes(head + body)
    if parsed.defects or not parsed.is_multipart():
        raise ValueError("no form of several parts")
    parts = list(parsed.iter_parts())
    if len(parts) > most:
        raise ValueError("too many parts")
    found = []
    for part in parts:
        name = part.get_param("name", header="content-disposition")
        data = part.get_payload(decode=True)
        if not isinstance(name, str) or not isinstance(data, bytes):
            raise ValueError("a part without a name")
        found.append((name, _text(part, data)))
    return found


def _text(part: Message, data: bytes) -> str:
    """The text of a field, or of a file: an XML document is read in the encoding that it declares, which goes."""
    if part.get_filename() is None:
        return data.decode()
    declared = _DECLARED.match(data.lstrip(b"\xef\xbb\xbf \r\n\t"))
    if declared is not None:
        try:
            return data.replace(declared[1], b"", 1).decode(declared[2].decode("ascii")).removeprefix("\ufeff")
        except LookupError as error:
            raise ValueError("an encoding that nobody knows") from error
    return data.decode("utf-8-sig")
