"""Write the pages of reference and the man page from the program itself: `python docs/reference`.

The commands come from their help, the keys from the types and the comments behind their fields. A test fails when a
page is not what this would write.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

DOCS = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(DOCS.parent))

from feeds.app.cli.main import HELP, LISTED, MODULES, build  # noqa: E402  the repository, wherever this is run from
from feeds.app.config.schema import config_schema, seed_schema  # noqa: E402
from feeds.app.system.version import VERSION  # noqa: E402
from scrapers import in_words  # noqa: E402

GLOBAL = (
    ("--config, -c FILE", "The configuration file; else COPYDESK_CONFIG, else config.toml in this folder."),
    ("--verbose, -v", "Say more of what is done."),
    ("--quiet, -q", "Say only what went wrong."),
    ("--help, -h", "Tell of a command and its options."),
    ("--version", "Print the version."),
)
CODES = (
    ("0", "done"),
    ("1", "a bug in copydesk"),
    ("2", "wrong usage"),
    ("3", "the configuration is invalid"),
    ("4", "the store or the address is in use"),
    ("5", "the store cannot be used"),
    ("6", "finished, and something failed"),
)


def commands() -> Iterator[tuple[str, str, list[Any]]]:
    """Every command that can be called, in the order of the help: name, help, arguments."""
    names = [line.split(maxsplit=1)[0] for lines in LISTED.values() for line in lines.strip().splitlines()]
    app = build([name.rstrip("_") for all_ in MODULES.values() for name in all_.split()])
    for name in names:
        yield from _leaves(app[name], name)


def _leaves(app: Any, path: str) -> Iterator[tuple[str, str, list[Any]]]:
    if app.default_command is not None:
        told = app.default_command.__doc__ or ""
        yield path, told, [one for one in app.assemble_argument_collection() if one.parse]
    for name in app:
        if not name.startswith("-"):
            yield from _leaves(app[name], f"{path} {name}")


def paragraphs(told: str) -> tuple[list[str], list[str]]:
    """The paragraphs of a help text, and its examples."""
    found = [" ".join(part.split()) for part in told.strip().split("\n\n")]
    texts = [part for part in found if not part.startswith("Example:")]
    examples = [part.removeprefix("Example:") for part in found if part.startswith("Example:")]
    return texts, [one.strip(" `") for part in examples for one in part.split("·")]


def argument(one: Any) -> tuple[str, str]:
    """An argument as the help shows it, and what it is for."""
    positional = one.field_info.kind in (one.field_info.POSITIONAL_OR_KEYWORD, one.field_info.VAR_POSITIONAL)
    name = one.names[0].lstrip("-").upper() if positional else ", ".join(one.names)
    if get_origin(one.hint) is tuple and positional:
        name += " …"
    choices = [str(choice) for choice in get_args(one.hint) if isinstance(choice, str)]
    if not positional and one.hint is not bool:
        name += f" {'|'.join(choices) if choices else 'VALUE'}"
    text = (one.parameter.help or "").strip()
    default = one.field_info.default
    if default not in (None, False, (), one.field_info.empty) and default is not True:
        text += f" Left out: {default}."
    return name, text


def commands_page() -> str:
    """docs/reference/commands.md"""
    lines = [
        "# Commands",
        "",
        "<!-- made by `python docs/reference` -->",
        "",
        "For every command:",
        "",
        *(f"- `{name}`: {text}" for name, text in GLOBAL),
        "",
        "Exit codes: " + " · ".join(f"{code} {text}" for code, text in CODES) + ".",
        "",
    ]
    for path, told, arguments in commands():
        texts, examples = paragraphs(told)
        lines += [f"## copydesk {path}", "", *("\n\n".join(texts).splitlines()), ""]
        if arguments:
            lines += ["| argument | what it is |", "| --- | --- |"]
            lines += [f"| `{name.replace('|', chr(92) + '|')}` | {text} |" for name, text in map(argument, arguments)]
            lines.append("")
        lines += [f"    {example}" for example in examples] + [""]
    return "\n".join(lines).rstrip() + "\n"


def keys_page() -> str:
    """docs/reference/keys.md"""
    lines = ["# Keys of the files", "", "<!-- made by `python docs/reference` -->", ""]
    lines += ["Each key with its type and what it is left out; [configuration](../configuration.md) explains them.", ""]
    for title, schema in (("config.toml", config_schema()), ("seeds/NAME.toml", seed_schema())):
        lines += [f"## {title}", "", "| key | type | left out | |", "| --- | --- | --- | --- |"]
        lines += list(_rows(schema, schema, ""))
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _rows(schema: dict[str, Any], whole: dict[str, Any], above: str) -> Iterator[str]:
    required = schema.get("required", [])
    for name, value in schema.get("properties", {}).items():
        inner = _inner(value, whole)
        if inner is not None:
            yield from _rows(inner, whole, f"{above}{name}.")
            continue
        default = "required" if name in required else _plain(value.get("default"))
        if default and _type(value, whole) == "length of time" and isinstance(value["default"], float):
            default = f"`{in_words(value['default'])}`" if value["default"] else "`0`"
        yield f"| `{above}{name}` | {_type(value, whole)} | {default} | {value.get('description', '')} |"


def _inner(value: dict[str, Any], whole: dict[str, Any]) -> dict[str, Any] | None:
    for option in (value, value.get("items", {}), *value.get("anyOf", [])):
        if isinstance(option, dict) and "$ref" in option:
            found: dict[str, Any] = whole["$defs"][option["$ref"].removeprefix("#/$defs/")]
            return found if "properties" in found else None
    return None


def _type(value: dict[str, Any], whole: dict[str, Any]) -> str:
    if "enum" in value:
        return ", ".join(f'`"{one}"`' for one in value["enum"])
    options = value.get("anyOf") or value.get("oneOf")
    if options:
        return " or ".join(dict.fromkeys(_type(one, whole) for one in options if one.get("type") != "null"))
    kind = value.get("type", "")
    if isinstance(kind, list):
        return "length of time" if "examples" in value else " or ".join(kind)
    return {"array": "list", "object": "table", "boolean": "true or false"}.get(kind, kind)


def _plain(value: Any) -> str:
    if value is None or value in ([], {}):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def man_page() -> str:
    """docs/man/copydesk.1, in the macros of man(7)."""
    intro = HELP.split("\n")[0]
    lines = [
        f'.TH COPYDESK 1 "" "copydesk {VERSION}" "User Commands"',
        ".SH NAME",
        f"copydesk \\- {_roff(intro[0].lower() + intro[1:].rstrip('.'))}",
        ".SH SYNOPSIS",
        ".B copydesk",
        "[\\fB\\-\\-config\\fR \\fIFILE\\fR] [\\fB\\-v\\fR|\\fB\\-q\\fR] \\fICOMMAND\\fR [\\fIARGUMENT\\fR ...]",
        ".SH DESCRIPTION",
        _roff("Start with copydesk demo, which needs no internet, or with copydesk init for sites of your own."),
        ".SH OPTIONS",
    ]
    for name, text in GLOBAL:
        lines += [".TP", f".B {_roff(name)}", _roff(text)]
    lines.append(".SH COMMANDS")
    for path, told, arguments in commands():
        texts, examples = paragraphs(told)
        lines += [f".SS copydesk {_roff(path)}", *(_roff(text.replace("`", "")) for text in texts)]
        for name, text in map(argument, arguments):
            lines += [".TP", f".B {_roff(name)}", _roff(text.replace("`", "")) or "\\&"]
        for example in examples:
            lines += [".P", f".RS 4\n.nf\n{_roff(example)}\n.fi\n.RE"]
    lines.append(".SH EXIT STATUS")
    for code, text in CODES:
        lines += [".TP", f".B {code}", _roff(text)]
    lines += [".SH FILES", ".TP", ".I config.toml", "The configuration.", ".TP", ".I seeds/NAME.toml", "A source."]
    return "\n".join(lines) + "\n"


def _roff(text: str) -> str:
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("'", "\\(aq")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


PAGES = {"reference/commands.md": commands_page, "reference/keys.md": keys_page, "man/copydesk.1": man_page}


def main() -> None:
    """Write all pages."""
    for name, page in PAGES.items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
