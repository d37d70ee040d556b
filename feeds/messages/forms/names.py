"""Why a name or a token cannot be used."""

from __future__ import annotations

from .marks import Form, words

FORMS: tuple[Form, ...] = (
    words("%(name)s: is there already"),
    words("%(name)s: is no record"),
    words("%(name)s: is kept out already"),
    words("%(name)s: is in the feeds already"),
    words("%(name)s has no seed any more, so it is not visited anyway"),
    words("%(name)s was never visited; `copydesk run` or `copydesk fetch %(near)s` takes it up first"),
    words("there is no source %(name)s; did you mean %(near)s?"),
    words("there is no source %(name)s; known: %(names)s"),
    words("there is no topic %(name)s in the file"),
    words("a name is 1 to 64 of a-z, 0-9 and -, not %(name)s"),
    words("the name %(name)s is reserved"),
    words("the name of a reader should be 1 to 64 letters, digits and . _ @ + -"),
    words("%(name)s: is not in the store yet; `copydesk run` or `copydesk publish` takes it up"),
    words("%(name)s: %(reader)s has a token already; give another name, or revoke that one first"),
    words("%(name)s: has no tokens"),
    words("%(name)s: has no token of that name (%(reader)s)"),
    words("config.toml was changed on disk at this moment; nothing was written"),
)
