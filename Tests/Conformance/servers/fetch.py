"""Fetches packages of Debian and PyPI, and runs commands, within a time that is set once for all of them."""

import os
import subprocess
import sys
import time

UNREACHABLE = 75  # EX_TEMPFAIL
BEGUN = time.monotonic()
LIMIT = int(os.environ.get("KIRIKAE_CONFORMANCE_LIMIT") or 1500)


def say(text):
    print(f"conformance: {text}", file=sys.stderr, flush=True)


def stop(text, code=1):
    say(text)
    raise SystemExit(code)


def remaining():
    """Seconds that are left."""
    return BEGUN + LIMIT - time.monotonic()


def run(*command, cwd=None, env=None, capture=False):
    """Runs a command; what it says goes to standard error."""
    code, output = attempt(*command, cwd=cwd, env=env, capture=capture)
    if code:
        stop(f"`{' '.join(map(str, command))[:200]}` failed with exit code {code}")
    return output


def fetch(*command, cwd=None):
    """Runs a command that asks the network."""
    code, _ = attempt(*command, cwd=cwd)
    if code:
        stop(f"`{' '.join(map(str, command))[:200]}` failed with exit code {code}: nothing to build the servers from",
             UNREACHABLE)


def attempt(*command, cwd=None, env=None, capture=False):
    """(exit code, output)"""
    words = [str(word) for word in command]
    with subprocess.Popen(words, cwd=cwd, env=env, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE if capture else sys.stderr) as process:
        try:
            output, _ = process.communicate(timeout=max(1, remaining()))
        except subprocess.TimeoutExpired:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
            stop(f"the servers are not built after {LIMIT} s; this was under way: `{' '.join(words)[:200]}`")
        except BaseException:
            process.kill()
            raise
    return process.returncode, output


def wheel(requirement, folder):
    """The file of a Python package."""
    code, _ = attempt(sys.executable, "-m", "pip", "--version", capture=True)
    if code:
        stop(f"`{sys.executable} -m pip` is needed to fetch {requirement} (Debian: python3-pip)")
    fetch(sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--disable-pip-version-check", "--timeout", 30,
          "--retries", 3, "-d", folder, requirement)
    return next(folder.glob("*.whl"))


class Suite:
    """A Debian suite with package lists of its own, so that the machine's stay as they are."""

    def __init__(self, name, folder):
        self.name, self.folder = name, folder / f"apt-{name}"
        for part in ("lists/partial", "archives/partial"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        (self.folder / "status").touch()
        sources = self.folder / "sources.list"
        self.options = ["-qq", "-o", f"Dir::Etc::sourcelist={sources}", "-o", "Dir::Etc::sourceparts=/dev/null",
                        "-o", f"Dir::State::lists={self.folder}/lists", "-o", f"Dir::Cache={self.folder}",
                        "-o", f"Dir::State::status={self.folder}/status", "-o", "APT::Sandbox::User=",
                        "-o", "Acquire::Retries=3", "-o", "Acquire::http::Timeout=30", "-o", "APT::Update::Error-Mode=any"]
        for mirror in self.mirrors():
            # A suite that has gone to the archive is signed as ever, for a time that is over.
            old = ["-o", "Acquire::Check-Valid-Until=false"] if "archive." in mirror else []
            sources.write_text("".join(f"{kind} {mirror} {name} main\n" for kind in ("deb", "deb-src")))
            code, _ = attempt("apt-get", *self.options, *old, "update")
            if code == 0:
                self.options += old
                return
            say(f"{mirror} does not give {name}")
        stop(f"Debian's suite {name} cannot be had: nothing to build the servers from", UNREACHABLE)

    @staticmethod
    def mirrors():
        """Where to look: first the mirror that this machine takes its own packages from."""
        known = run("apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", capture=True).split()
        own = [address.rstrip("/") for address in known if "security" not in address]
        return list(dict.fromkeys([*own[:1], "http://deb.debian.org/debian", "http://archive.debian.org/debian"]))

    def unpack(self, target, *packages):
        """Downloads packages and unpacks them side by side."""
        place = self.folder / "debs"
        place.mkdir(exist_ok=True)
        fetch("apt-get", *self.options, "download", *packages, cwd=place)
        for package in sorted(place.glob("*.deb")):
            run("dpkg", "-x", package, target)
            package.unlink()

    def source(self, package, pattern):
        """The file of a source package that matches the pattern."""
        fetch("apt-get", *self.options, "source", "--download-only", package, cwd=self.folder)
        found = sorted(self.folder.glob(pattern))
        if not found:
            stop(f"{self.name} carries {package} no more as {pattern}")
        return found[0]

    def closure(self, *packages):
        """All -dev packages of Go that these need."""
        lines = run("apt-cache", *self.options, "depends", "--recurse", "--no-recommends", "--no-suggests", "--no-conflicts",
                    "--no-breaks", "--no-replaces", "--no-enhances", *packages, capture=True).splitlines()
        return sorted({line for line in lines if line.startswith("golang-") and line.endswith("-dev")})

    def version(self, package):
        for line in run("apt-cache", *self.options, "show", package, capture=True).splitlines():
            if line.startswith("Version: "):
                return line.split()[1]
        return stop(f"{self.name} has no {package}")
