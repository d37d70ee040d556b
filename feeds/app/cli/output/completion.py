"""Completion in shells: the script of cyclopts, and the names of sources and topics, which the script asks for."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import Parameter

from ..command import DONE, Ctx

Shell = Literal["bash", "zsh", "fish"]
SOURCES = ("fetch", "log", "repair", "sample", "backfill", "forget", "try", "pause", "resume", "rename", "remove")
TOPICS = ("feed", "--topic", "revoke")  # and `token add`
WHERE = {
    "bash": "~/.local/share/bash-completion/completions/copydesk",
    "zsh": "a folder of $fpath, as _copydesk",
    "fish": "~/.config/fish/completions/copydesk.fish",
}

_BASH = """
_copydesk_with_names() {
  _copydesk
  local cur="${COMP_WORDS[COMP_CWORD]}" line=" ${COMP_WORDS[*]:1:COMP_CWORD-1} " kind=''
  [[ $cur == -* ]] && return
  case $line in
    TOPICS) kind=topics ;;
    SOURCES) kind=sources ;;
    *) return ;;
  esac
  COMPREPLY+=($(compgen -W "$(copydesk names $kind 2>/dev/null)" -- "$cur"))
}

complete -F _copydesk_with_names copydesk
"""
_ZSH = """
_copydesk() {
  if [[ $PREFIX != -* ]]; then
    case " ${words[2,CURRENT-1]} " in
      TOPICS) compadd -- ${(f)"$(copydesk names topics 2>/dev/null)"} && return ;;
      SOURCES) compadd -- ${(f)"$(copydesk names sources 2>/dev/null)"} && return ;;
    esac
  fi
  _cyclopts_copydesk "$@"
}

if [[ $funcstack[1] == _copydesk ]]; then
  _copydesk "$@"  # loaded for the completion that is asked for now
else
  compdef _copydesk copydesk
fi
"""
_FISH = """
complete -c copydesk -f -n '__fish_seen_subcommand_from SOURCES' -a '(copydesk names sources 2>/dev/null)'
complete -c copydesk -f -n '__fish_seen_subcommand_from feed token' -a '(copydesk names topics 2>/dev/null)'
complete -c copydesk -x -n '__fish_seen_subcommand_from why' -l topic -a '(copydesk names topics 2>/dev/null)'
"""


def script(static: str, shell: Shell) -> str:
    """The completion script of a shell: that of the commands and options, and after it that of the names."""
    if shell == "fish":
        return static + _FISH.replace("SOURCES", " ".join(SOURCES))
    names = _BASH if shell == "bash" else _ZSH
    topics = "|".join(f"*' {word} '*" for word in (*TOPICS, "token add"))
    sources = "|".join(f"*' {word} '*" for word in SOURCES)
    return static + names.replace("TOPICS", topics).replace("SOURCES", sources)


def names(what: Annotated[Literal["sources", "topics"], Parameter(help="Of what.")] = "sources", *, ctx: Ctx) -> int:
    """Print the names of sources or topics, one a line; completion asks for them.

    Example: `copydesk names topics`
    """
    try:
        table = tomllib.loads(ctx.path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return DONE  # no errors while a shell completes
    for name in _sources(ctx.path.parent, table) if what == "sources" else _topics(table):
        ctx.output.print(name)
    return DONE


def _sources(folder: Path, table: dict[str, object]) -> list[str]:
    seeds = table.get("seeds", "seeds")
    return sorted(path.stem for path in (folder / (seeds if isinstance(seeds, str) else "seeds")).glob("*.toml"))


def _topics(table: dict[str, object]) -> list[str]:
    topics = table.get("topics")
    found = [topic.get("name") for topic in topics if isinstance(topic, dict)] if isinstance(topics, list) else ["all"]
    return [name for name in found if isinstance(name, str)]
