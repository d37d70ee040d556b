"""The files of docs/deploy/ as far as they can be tried without a host of their own, and the supply chain of them."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.waiting import PATIENCE

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "docs" / "deploy"
ANALYZE = shutil.which("systemd-analyze")


@pytest.mark.real
@pytest.mark.skipif(ANALYZE is None, reason="systemd-analyze is not installed: the unit is NOT checked")
def test_systemd_takes_the_unit_and_finds_it_well_shut(tmp_path: Path) -> None:
    assert ANALYZE is not None
    unit = tmp_path / "copydesk.service"
    unit.write_text((DEPLOY / "copydesk.service").read_text().replace("/opt/copydesk/bin/copydesk", "/bin/true"))
    done = subprocess.run([ANALYZE, "verify", str(unit)], capture_output=True, text=True, timeout=PATIENCE, check=False)
    ours = [line for line in done.stderr.splitlines() if "copydesk" in line]
    assert (done.returncode, ours) == (0, [])
    exposed = [ANALYZE, "security", "--offline=true", "--threshold=25", "--no-pager", str(unit)]
    done = subprocess.run(exposed, capture_output=True, text=True, timeout=PATIENCE, check=False)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr


def test_the_image_runs_as_nobody_special_and_takes_only_what_the_lock_file_names() -> None:
    lines = [line for line in (DEPLOY / "Dockerfile").read_text().splitlines() if not line.startswith("#")]
    steps = [line.split(" ", 1) for line in re.sub(r" \\\n", " ", "\n".join(lines)).splitlines() if line]
    assert {step for step, _ in steps} <= {
        *(
            "FROM",
            "WORKDIR",
            "RUN",
            "COPY",
            "USER",
            "VOLUME",
            "ENV",
            "EXPOSE",
            "HEALTHCHECK",
            "ENTRYPOINT",
            "CMD",
            "ARG",
        )
    }
    last = steps[len(steps) - 1 - [step for step, _ in reversed(steps)].index("FROM") :]
    assert ["USER", "10001"] in last
    assert not [rest for step, rest in last if step == "RUN" and "pip" in rest], (
        "nothing is installed in the image itself"
    )
    installs = [rest for step, rest in steps if step == "RUN" and "copydesk/bin/pip install" in rest]
    assert len(installs) == 2
    assert "--require-hashes" in installs[0] and "--frozen" in installs[0]
    assert "--no-deps" in installs[1]
    copied = {name for step, rest in steps if step == "COPY" and "--from" not in rest for name in rest.split()[:-1]}
    assert [name for name in copied if not (ROOT / name).exists()] == []


def test_compose_changes_what_nginx_has_to_know_and_nothing_else(tmp_path: Path) -> None:
    compose = (DEPLOY / "compose.yaml").read_text()
    changes = re.findall(r"-e '(s#[^']+)'", compose)
    assert len(changes) == 3
    words = [word for change in changes for word in ("-e", change)]
    done = subprocess.run(["sed", *words, str(DEPLOY / "nginx.conf")], capture_output=True, text=True, check=True)
    before = (DEPLOY / "nginx.conf").read_text().splitlines()
    changed = [
        line.split("#")[0].strip() for line, old in zip(done.stdout.splitlines(), before, strict=True) if line != old
    ]
    passed = "proxy_pass http://copydesk:8484;"  # for the desk, and for what else the daemon alone can answer
    assert changed == ["server_name _;", "root /srv/copydesk;", passed, passed]


def test_every_package_of_the_lock_file_has_hashes_and_almost_all_are_wheels() -> None:
    packages = (ROOT / "uv.lock").read_text().split("[[package]]\n")[1:]
    bare, sources = [], []
    for package in packages:
        name = re.search(r'name = "([^"]+)"', package)
        assert name is not None
        if 'source = { editable = "." }' in package:
            continue
        files = re.findall(r"\{ url = [^}]+\}", package)
        if not files or not all(re.search(r'hash = "sha256:[0-9a-f]{64}"', file) for file in files):
            bare.append(name[1])
        if not any(".whl" in file for file in files):
            sources.append(name[1])
    assert bare == []
    sources.remove("pypydispatcher")  # of the extra `bench`, on another Python
    assert sources == ["feedgen"], "docs/deploy/Dockerfile names what has no wheel"


def test_the_files_for_several_machines_name_what_is_there() -> None:
    yaml = pytest.importorskip("yaml", reason="yaml (the extra `docs`) is not installed: compose files are NOT read")
    told = yaml.safe_load((DEPLOY / "compose.scale.yaml").read_text())
    services = told["services"]
    assert {"db", "desk-1", "desk-2", "scraper", "nginx"} == set(services)
    assert services["scraper"]["deploy"]["replicas"] == 3
    mounted = [one for service in services.values() for one in service.get("volumes", ()) if one.startswith("./")]
    named = {one.split(":")[0] for one in mounted if not one.startswith("./data")}
    assert named == {"./nginx.conf", "./scraper_role.sh"} and all((DEPLOY / name).is_file() for name in named)
    text = (DEPLOY / "compose.scale.yaml").read_text()
    replaced = set(re.findall(r"'s#([^#]+)#", text))
    assert all(one in (DEPLOY / "nginx.conf").read_text() for one in replaced) and len(replaced) == 3
    command = services["scraper"]["command"]
    assert command[:2] == ["scraper", "--url"] and "password" not in command[2]
