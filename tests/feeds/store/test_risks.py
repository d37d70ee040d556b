"""What a store should not stand on: network file systems, a SQLite with a fault (RELIABILITY S2)."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from feeds.app.cli.main import main
from feeds.errors import StoreUnusable
from feeds.store.database import risks
from feeds.store.database.risks import network_of, refuse_network, sqlite_risk


def mounts(*rows: tuple[str, str, str]) -> str:
    """/proc/self/mountinfo with these (point, kind, options)."""
    return "".join(
        f"{number} 1 0:{number} / {point} rw,relatime shared:1 - {kind} source {options}\n"
        for number, (point, kind, options) in enumerate([("/", "ext4", "rw"), *rows], 20)
    )


@pytest.mark.parametrize(
    "kind", ["nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "fuse.rclone", "ceph", "glusterfs", "vboxsf"]
)
def test_a_network_file_system_is_known_by_its_kind(kind: str) -> None:
    table = mounts(("/srv", kind, "rw,vers=4.2"))
    assert network_of(Path("/srv/desk/copydesk.db"), table) == f"{kind} on /srv"
    assert network_of(Path("/srv2/copydesk.db"), table) is None
    with pytest.raises(StoreUnusable, match=rf"{kind} on /srv.*allow_network"):
        refuse_network(Path("/srv/copydesk.db"), table)


@pytest.mark.parametrize("kind", ["ext4", "xfs", "btrfs", "zfs", "tmpfs", "overlay", "f2fs", "fuse.mergerfs", "apfs"])
def test_a_local_file_system_is_fine(kind: str) -> None:
    assert network_of(Path("/srv/copydesk.db"), mounts(("/srv", kind, "rw"))) is None
    refuse_network(Path("/srv/copydesk.db"), mounts(("/srv", kind, "rw")))


def test_a_folder_of_the_host_is_a_network_but_the_disk_of_a_sandbox_is_not() -> None:
    shared = mounts(("/mnt/c", "9p", "rw,aname=drvfs;path=C:,trans=fd"), ("/host", "9p", "rw,trans=virtio"))
    assert network_of(Path("/mnt/c/copydesk.db"), shared) == "9p on /mnt/c"
    assert network_of(Path("/host/copydesk.db"), shared) == "9p on /host"
    assert network_of(Path("/data/copydesk.db"), mounts(("/data", "9p", "rw,trans=fd,rfdno=4,wfdno=4"))) is None


def test_the_nearest_mount_counts_and_of_two_at_one_place_the_last() -> None:
    inside = mounts(("/srv", "nfs4", "rw"), ("/srv/local", "ext4", "rw"), ("/srv/with\\040blank", "cifs", "rw"))
    assert network_of(Path("/srv/local/copydesk.db"), inside) is None
    assert network_of(Path("/srv/with blank/copydesk.db"), inside) == "cifs on /srv/with blank"
    assert network_of(Path("/srv/x.db"), mounts(("/srv", "nfs", "rw"), ("/srv", "ext4", "rw"))) is None
    assert network_of(Path("/srv/x.db"), mounts(("/srv", "ext4", "rw"), ("/srv", "nfs", "rw"))) == "nfs on /srv"


@pytest.mark.parametrize("text", ["", "garbage\n", "1 2 3 / /srv rw -\n", " - nfs x rw\n"])
def test_what_cannot_be_read_refuses_nobody(text: str) -> None:
    assert network_of(Path("/srv/x.db"), text) is None


def test_a_link_is_followed_to_where_the_store_is(tmp_path: Path) -> None:
    (tmp_path / "far").mkdir()
    (tmp_path / "near").symlink_to(tmp_path / "far")
    table = mounts((str((tmp_path / "far").resolve()), "nfs4", "rw"))
    assert network_of(tmp_path / "near" / "copydesk.db", table) is not None


def test_the_daemon_refuses_with_5_unless_it_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(mounts((str(tmp_path.resolve()), "nfs4", "rw")))
    monkeypatch.setattr(risks, "_MOUNTS", table)
    config = tmp_path / "config.toml"
    config.write_text('contact = "mailto:desk@example.org"\n')
    (tmp_path / "seeds").mkdir()
    assert main(["--config", str(config), "--quiet", "run", "--once"]) == 5
    assert f"network file system (nfs4 on {tmp_path})" in capsys.readouterr().err.replace("\n", " ")
    assert not (tmp_path / "var").exists(), "nothing is made there"
    config.write_text(config.read_text() + "[store]\nallow_network = true\n")
    assert main(["--config", str(config), "--quiet", "run", "--once"]) == 0


@pytest.mark.parametrize(
    ("version", "risky"),
    [
        ((3, 6, 23), False),
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((4, 0, 0), False),
    ],
)
def test_the_fault_of_the_write_ahead_log_is_told_by_version(version: tuple[int, ...], risky: bool) -> None:
    risk = sqlite_risk(version)
    assert (risk is not None) == risky
    assert risk is None or ".".join(map(str, version)) in risk


def test_a_risk_is_told_by_check_and_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("feeds.store.database.file.sqlite_risk", lambda: "this SQLite has a fault")
    config = tmp_path / "config.toml"
    config.write_text('contact = "mailto:desk@example.org"\n')
    (tmp_path / "seeds").mkdir()
    assert main(["--config", str(config), "--quiet", "publish"]) == 0
    capsys.readouterr()
    assert main(["--config", str(config), "--quiet", "check"]) == 0
    assert "this SQLite has a fault" in capsys.readouterr().err
    assert main(["--config", str(config), "--quiet", "status", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["store_warnings"] == ["this SQLite has a fault"]
