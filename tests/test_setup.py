"""The set-up: locked packages, the script on many systems, and the manual of the Makefile."""

import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from booklet.output.profiles import find_profile

ROOT = Path(__file__).parents[1]
PYPROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
GROUPS = PYPROJECT["dependency-groups"]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def wanted(group: str) -> list[Requirement]:
    """Requirements of a dependency group, with those of the groups that it includes."""
    found = []
    for entry in GROUPS[group]:
        found += wanted(entry["include-group"]) if isinstance(entry, dict) else [Requirement(entry)]
    return found


def locked(lock: Path) -> dict[str, tuple[str, list[str]]]:
    """Version and hashes of each package in a lock."""
    text = re.sub(r"^ *#.*\n", "", lock.read_text("utf-8"), flags=re.MULTILINE)
    found: dict[str, tuple[str, list[str]]] = {}
    for line in text.replace("\\\n", " ").splitlines():
        requirement, *hashes = line.split(" --hash=")
        name, version = requirement.split(";")[0].split("==")
        found[canonicalize_name(name)] = (version.strip(), [item.strip() for item in hashes])
    return found


@pytest.mark.parametrize(
    ("lock", "requirements"),
    [
        ("runtime", [*map(Requirement, PYPROJECT["project"]["dependencies"]), *wanted("build")]),
        ("dev", [*map(Requirement, PYPROJECT["project"]["dependencies"]), *wanted("dev")]),
        ("lock", wanted("lock")),
    ],
    ids=["runtime", "dev", "lock"],
)
def test_every_dependency_is_locked_at_a_version_that_it_allows(
    lock: str, requirements: list[Requirement]
) -> None:
    versions = {name: v for name, (v, _) in locked(ROOT / f"requirements/{lock}.txt").items()}
    for requirement in requirements:
        assert requirement.specifier.contains(versions[canonicalize_name(requirement.name)])


def test_the_development_lock_holds_the_run_time_lock() -> None:
    runtime, dev = (locked(ROOT / f"requirements/{name}.txt") for name in ("runtime", "dev"))
    assert runtime.items() <= dev.items()


def test_the_build_group_is_what_the_build_system_requires() -> None:
    assert GROUPS["build"] == PYPROJECT["build-system"]["requires"]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_every_locked_package_carries_a_hash(lock: Path) -> None:
    for name, (_, hashes) in locked(lock).items():
        assert hashes, name
        assert all(re.fullmatch("sha256:[0-9a-f]{64}", item) for item in hashes), name


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_names_no_host_and_no_folder_of_a_machine(lock: Path) -> None:
    assert not re.search(
        r"://|--(extra-)?index-url|--find-links|(^|\s|=)[/~]", lock.read_text("utf-8")
    )


def test_the_manual_explains_every_target() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = set(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    manual = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    assert targets == set(re.findall(r"^\| `make ([a-z-]+)`", manual, re.MULTILINE))


TOOLS = [
    *("cat", "cksum", "cp", "cut", "dirname", "env", "grep", "head", "mkdir", "mv", "rm", "sed"),
    *("sh", "sha256sum", "shasum", "tail", "tr"),
]

# Makes an environment whose Python is this very script; a crippled one only after apt has helped.
PYTHON = """
echo "python $*" >>"$CALLS"
case "$*" in
"-m venv --clear "*)
    [ -z "${CRIPPLED-}" ] || grep -q 'install.* python3-venv' "$CALLS" || exit 1
    mkdir -p "$4/bin" && cp "$0" "$4/bin/python" && echo "#!$4/bin/python" >"$4/bin/pip" ;;
-) echo python3-venv ;;
"-c import ensurepip"*) [ -z "${CRIPPLED-}" ] ;;
esac
"""
LINUX = {"uname": "echo Linux", "id": "echo 0", "python3": PYTHON, "java": "exit 1"}
DEBIAN = {
    **LINUX,
    "dpkg-query": '[ -z "${INSTALLED-}" ] || printf "install ok installed"',
    "apt-get": 'echo "apt-get $*" >>"$CALLS"',
    "apt-cache": 'case "$*" in *lxgw*) ;; *) echo "  Candidate: 1.0" ;; esac',
}
MACOS = {**LINUX, "uname": "echo Darwin", "brew": 'echo "brew $*" >>"$CALLS"; [ "$1" = install ]'}
OLD_PYTHON = dict.fromkeys(("python3", "python3.13", "python3.12", "python3.11"), "exit 1")
RUNTIME = [
    *("fontconfig", "fonts-lxgw-wenkai", "fonts-noto-cjk", "fonts-noto-cjk-extra"),
    *("fonts-sil-andika", "ghostscript", "libharfbuzz-subset0", "libpango-1.0-0"),
    "libpangoft2-1.0-0",
]
TESTING = [
    *("mupdf-tools", "poppler-utils", "qpdf", "default-jre-headless"),
    *("nodejs", "npm", "chromium"),
]
NODE = {
    "node": '[ "$1" = -e ] || echo v20.0.0',
    "npm": 'echo "npm $*" >>"$CALLS"; [ -z "${OFFLINE-}" ]',
    "chromium": "",
}


class Machine:
    """A checkout on a machine that has a few harmless tools, and fakes of those that install."""

    def __init__(self, folder: Path, fakes: Mapping[str, str], **environment: str) -> None:
        self.checkout = folder / "the checkout"
        self.calls = folder / "calls"
        path = folder / "bin"
        path.mkdir()
        for tool in TOOLS:
            if found := shutil.which(tool):
                (path / tool).symlink_to(found)
        for name, body in fakes.items():
            (path / name).write_text(f"#!/bin/sh\n{body}\n", "utf-8")
            (path / name).chmod(0o755)
        self.environment = {"PATH": str(path), "CALLS": str(self.calls), **environment}
        shutil.copytree(ROOT / "scripts", self.checkout / "scripts")
        shutil.copytree(ROOT / "requirements", self.checkout / "requirements")
        shutil.copy(ROOT / "pyproject.toml", self.checkout)

    def set_up(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        self.calls.write_text("", "utf-8")
        return subprocess.run(
            ["/bin/sh", str(self.checkout / "scripts/setup.sh"), *arguments],
            capture_output=True,
            check=False,
            env=self.environment,
            text=True,
            stdin=subprocess.DEVNULL,
        )

    def called(self, program: str) -> list[str]:
        lines = self.calls.read_text("utf-8").splitlines()
        return [line for line in lines if line.startswith(program)]


@pytest.mark.parametrize(("flags", "more"), [([], []), (["--test"], TESTING)])
def test_a_dry_run_lists_what_is_missing_and_installs_nothing(
    tmp_path: Path, flags: list[str], more: list[str]
) -> None:
    machine = Machine(tmp_path, DEBIAN)
    result = machine.set_up("--dry-run", *flags)
    listed = [line.split()[1] for line in result.stdout.splitlines() if line.startswith("missing:")]
    assert (result.returncode, listed) == (0, RUNTIME + more)
    assert not machine.called("apt-get")
    assert sorted(path.name for path in machine.checkout.iterdir()) == [
        "pyproject.toml",
        "requirements",
        "scripts",
    ]


def test_a_dry_run_tells_that_a_crippled_python_lacks_its_package(tmp_path: Path) -> None:
    result = Machine(tmp_path, DEBIAN, INSTALLED="yes", CRIPPLED="yes").set_up("-n")
    assert "installed: fonts-noto-cjk\n" in result.stdout
    assert "missing: python3-venv\n" in result.stdout


def test_only_what_is_missing_and_offered_is_installed(tmp_path: Path) -> None:
    machine = Machine(tmp_path, DEBIAN)
    result = machine.set_up("--test")
    assert result.returncode == 0, result.stderr
    update, install = machine.called("apt-get")
    offered = [package for package in RUNTIME + TESTING if package != "fonts-lxgw-wenkai"]
    assert update.startswith("apt-get update")
    assert install.split()[-len(offered) :] == offered
    assert "does not offer fonts-lxgw-wenkai" in result.stdout


def test_nothing_is_asked_of_apt_where_nothing_is_missing(tmp_path: Path) -> None:
    machine = Machine(tmp_path, DEBIAN, INSTALLED="yes")
    assert machine.set_up().returncode == 0
    assert not machine.called("apt-get")


PACKAGED = {
    "dpkg-deb": "echo a package",
    "tar": 'cat "$ICC"',
    "apt-get": 'echo "apt-get $*" >>"$CALLS"; [ "$1" != download ] || : >scribus-data.deb',
}
"""Fakes of what takes a profile out of a package."""


@pytest.mark.skipif(
    Path("/usr/share/scribus/profiles/ISOcoated_v2_300_bas.icc").exists(),
    reason="this machine has the profile, and the set-up takes no other",
)
@pytest.mark.parametrize("good", [True, False])
def test_the_profile_comes_out_of_its_package_and_is_checked(tmp_path: Path, *, good: bool) -> None:
    profile = find_profile("FOGRA39")
    assert profile is not None
    whole = profile.read_bytes()
    (tmp_path / "icc").write_bytes(whole if good else whole[:-1])
    machine = Machine(tmp_path, {**DEBIAN, **PACKAGED}, INSTALLED="yes", ICC=str(tmp_path / "icc"))
    result = machine.set_up()
    assert result.returncode == 0, result.stderr
    assert machine.called("apt-get") == ["apt-get download -q scribus-data"]
    taken = machine.checkout / ".venv/share/color/icc/ISOcoated_v2_300_bas.icc"
    assert taken.exists() == good
    assert ("the press edition will ask for one" in result.stdout) != good


def test_a_crippled_python_is_completed_and_used(tmp_path: Path) -> None:
    machine = Machine(tmp_path, DEBIAN, INSTALLED="yes", CRIPPLED="yes")
    result = machine.set_up()
    assert result.returncode == 0, result.stderr
    assert machine.called("apt-get")[-1].endswith(" python3-venv")


def test_a_python_that_stays_crippled_ends_the_set_up(tmp_path: Path) -> None:
    result = Machine(tmp_path, LINUX, CRIPPLED="yes").set_up()
    assert result.returncode == 1
    assert "error: none of these can make a virtual environment: python3" in result.stderr


def test_without_root_and_sudo_the_command_for_an_administrator_is_named(tmp_path: Path) -> None:
    machine = Machine(tmp_path, {**DEBIAN, "id": "echo 1000"}, CRIPPLED="yes")
    result = machine.set_up()
    assert result.returncode == 1
    packages = " ".join([*RUNTIME, "python3-venv"])
    command = f"apt-get update && apt-get install -y --no-install-recommends {packages}"
    assert f"`{command}`" in result.stderr
    assert not machine.called("apt-get")


def test_with_sudo_apt_runs_as_root(tmp_path: Path) -> None:
    sudo = 'echo "sudo $*" >>"$CALLS"; "$@"'
    machine = Machine(tmp_path, {**DEBIAN, "id": "echo 1000", "sudo": sudo})
    assert machine.set_up().returncode == 0
    assert len(machine.called("sudo")) == len(machine.called("apt-get")) == 2


def test_the_second_run_does_nothing_until_a_lock_changes(tmp_path: Path) -> None:
    machine = Machine(tmp_path, DEBIAN)
    assert machine.set_up("--test").stdout.endswith("setup: done\n")
    assert machine.set_up("--test").stdout == ""
    assert machine.set_up().stdout == "", "the development lock includes the run-time lock"
    assert not machine.called("python -m")
    with (machine.checkout / "requirements/runtime.txt").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    assert "Python packages of requirements/runtime.txt" in machine.set_up().stdout


def test_packages_are_installed_by_hash_and_booklet_without_isolation(tmp_path: Path) -> None:
    machine = Machine(tmp_path, LINUX)
    machine.set_up()
    packages, booklet = machine.called("python -m pip install")
    assert packages.endswith(" --require-hashes -r requirements/runtime.txt")
    assert booklet.endswith(" --no-deps --no-build-isolation -e .")


def test_node_packages_are_installed_as_locked_and_run_no_scripts(tmp_path: Path) -> None:
    machine = Machine(tmp_path, {**DEBIAN, **NODE})
    result = machine.set_up("--test")
    assert result.returncode == 0, result.stderr
    (call,) = machine.called("npm")
    assert call.startswith("npm ci --prefix .venv/share/node --ignore-scripts ")
    for name in ("package.json", "package-lock.json"):
        placed = machine.checkout / ".venv/share/node" / name
        assert placed.read_bytes() == (ROOT / "requirements/node" / name).read_bytes()
    assert not {"nodejs", "npm", "chromium"} & set(" ".join(machine.called("apt-get")).split())


def test_node_packages_are_for_tests_alone_and_come_once(tmp_path: Path) -> None:
    machine = Machine(tmp_path, {**LINUX, **NODE})
    machine.set_up()
    assert machine.called("npm") == []
    machine.set_up("--test")
    assert len(machine.called("npm")) == 1
    assert machine.set_up("--test").stdout == ""
    with (machine.checkout / "requirements/node/package-lock.json").open("a") as lock:
        lock.write("\n")
    again = machine.set_up("--test")
    assert len(machine.called("npm")) == 1
    assert not machine.called("python -m"), "Python packages did not change"
    assert again.stdout.startswith("setup: Node packages of")


def test_without_a_network_the_set_up_goes_on_and_tries_again(tmp_path: Path) -> None:
    machine = Machine(tmp_path, {**LINUX, **NODE}, OFFLINE="yes")
    for _ in range(2):
        result = machine.set_up("--test")
        assert result.returncode == 0, result.stderr
        assert "no packages of Node could be had" in result.stdout
        assert len(machine.called("npm")) == 1


@pytest.mark.parametrize("lacking", ["node", "npm", "chromium", "old node"])
def test_without_node_or_chromium_the_set_up_says_what_will_not_be_asked(
    tmp_path: Path, lacking: str
) -> None:
    fakes = {name: body for name, body in NODE.items() if name != lacking}
    if lacking == "old node":
        fakes["node"] = "exit 1"
    machine = Machine(tmp_path, {**LINUX, **fakes})
    result = machine.set_up("--test")
    assert result.returncode == 0, result.stderr
    assert "Ace and the reading systems will not be asked" in result.stdout
    assert bool(machine.called("npm")) == (lacking == "chromium")
    assert machine.set_up("--test").stdout == "", "once is enough"


def test_node_packages_are_pinned_and_name_no_registry() -> None:
    wanted = json.loads((ROOT / "requirements/node/package.json").read_text("utf-8"))
    lock = json.loads((ROOT / "requirements/node/package-lock.json").read_text("utf-8"))
    packages = lock["packages"]
    assert wanted["dependencies"] == packages[""]["dependencies"]
    for name, version in wanted["dependencies"].items():
        assert packages[f"node_modules/{name}"]["version"] == version
    for name, package in packages.items():
        if name:
            assert package["integrity"].startswith("sha512-")
            assert "resolved" not in package


def test_on_macos_homebrew_installs(tmp_path: Path) -> None:
    machine = Machine(tmp_path, MACOS)
    assert machine.set_up("--test").returncode == 0
    assert {line.split()[-1] for line in machine.called("brew install")} == {
        *("pango", "libffi", "ghostscript", "mupdf-tools", "poppler", "qpdf", "openjdk", "node"),
        *("font-noto-serif-cjk-sc", "font-noto-sans-cjk-sc", "font-lxgw-wenkai", "google-chrome"),
        "font-andika",
    }


def test_on_macos_without_homebrew_its_line_is_named(tmp_path: Path) -> None:
    fakes = {name: body for name, body in MACOS.items() if name != "brew"}
    result = Machine(tmp_path, fakes).set_up()
    assert result.returncode == 0, result.stderr
    assert (
        "brew install pango libffi ghostscript && brew install --cask font-noto-serif-cjk-sc"
        in result.stdout
    )


def test_on_another_system_the_needs_are_named(tmp_path: Path) -> None:
    result = Machine(tmp_path, LINUX).set_up("--test")
    assert result.returncode == 0, result.stderr
    assert "Pango" in result.stdout
    assert "qpdf" in result.stdout


def test_an_old_python_is_refused(tmp_path: Path) -> None:
    result = Machine(tmp_path, {**DEBIAN, **OLD_PYTHON}).set_up()
    assert result.returncode == 1
    assert result.stderr.startswith("error: Python 3.11 or newer is needed")
