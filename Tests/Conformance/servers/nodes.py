"""Plays the machines of a cluster that has none: registers Nodes, and makes their pods ready.

    nodes.py --server URL --ca FILE --cert FILE --key FILE [--count 2] [--bind]

Pods that are bound to a node become Running and Ready, those of Jobs end well after a second, those with a
deletionTimestamp go away. --bind binds pods too, for a control plane without its scheduler. Standard library only.
"""

import argparse
import datetime
import http.client
import json
import ssl
import threading
import time
import urllib.parse

parser = argparse.ArgumentParser()
for option in ("--server", "--ca", "--cert", "--key"):
    parser.add_argument(option, required=True)
parser.add_argument("--count", type=int, default=2)
parser.add_argument("--bind", action="store_true")
options = parser.parse_args()
address = urllib.parse.urlsplit(options.server)
tls = ssl.create_default_context(cafile=options.ca)
tls.load_cert_chain(options.cert, options.key)
NODES = [f"node-{number}" for number in range(options.count)]
JSON, MERGE, STRATEGIC = (f"application/{kind}json" for kind in ("", "merge-patch+", "strategic-merge-patch+"))


def now(fraction=""):
    return datetime.datetime.now(datetime.timezone.utc).strftime(f"%Y-%m-%dT%H:%M:%S{fraction}Z")


def connect(timeout):
    return http.client.HTTPSConnection(address.hostname, address.port, context=tls, timeout=timeout)


class Connection:
    """One kept connection; a broken one is made anew once."""

    def __init__(self):
        self.open = None

    def call(self, method, path, body=None, kind=JSON):
        """(status, document)"""
        for again in (True, False):
            try:
                if self.open is None:
                    self.open = connect(20)
                self.open.request(method, path, json.dumps(body) if body is not None else None, {"Content-Type": kind})
                answer = self.open.getresponse()
                return answer.status, json.loads(answer.read() or "{}")
            except (OSError, http.client.HTTPException, ValueError):
                self.open = None
                if not again:
                    return 0, {}


def condition(name, holds, reason):
    return {"type": name, "status": "True" if holds else "False", "reason": reason, "message": "",
            "lastTransitionTime": now(), "lastHeartbeatTime": now()}


def register(connection, version):
    room = {"cpu": "64", "memory": "256Gi", "pods": "500", "ephemeral-storage": "1Ti"}
    pressures = ("MemoryPressure", "DiskPressure", "PIDPressure")
    for number, name in enumerate(NODES):
        labels = {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", "kubernetes.io/arch": "amd64"}
        connection.call("POST", "/api/v1/nodes", {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": labels}})
        info = dict.fromkeys(("machineID", "systemUUID", "bootID", "kernelVersion", "osImage"), "played")
        info |= {"containerRuntimeVersion": "played://1", "kubeletVersion": version, "kubeProxyVersion": version,
                 "operatingSystem": "linux", "architecture": "amd64"}
        connection.call("PATCH", f"/api/v1/nodes/{name}/status", {"status": {
            "capacity": room, "allocatable": room, "nodeInfo": info,
            "addresses": [{"type": "InternalIP", "address": f"10.1.0.{number + 1}"}],
            "conditions": [condition("Ready", True, "Played"), *(condition(one, False, "Played") for one in pressures)],
        }}, STRATEGIC)


def renew(connection):
    leases = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases"
    for name in NODES:
        spec = {"holderIdentity": name, "leaseDurationSeconds": 60, "renewTime": now(".%f")}
        status, _ = connection.call("PATCH", f"{leases}/{name}", {"spec": spec}, MERGE)
        if status == 404:
            connection.call("POST", leases, {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                                             "metadata": {"name": name}, "spec": spec})


def state_of(pod, phase):
    """The status of a pod whose containers all run, or have all ended."""
    at, ready = now(), phase == "Running"
    state = {"running": {"startedAt": at}} if ready else {"terminated": {
        "exitCode": 0, "reason": "Completed", "startedAt": at, "finishedAt": at}}
    containers = [{"name": one["name"], "image": one.get("image", ""), "imageID": "played", "ready": ready, "started": ready,
                   "restartCount": 0, "state": state, "lastState": {}} for one in pod["spec"]["containers"]]
    number = int(pod["metadata"]["uid"][:4], 16)
    conditions = [{"type": name, "status": "True" if ready or name in ("Initialized", "PodScheduled") else "False",
                   "lastTransitionTime": at} for name in ("Initialized", "Ready", "ContainersReady", "PodScheduled")]
    return {"phase": phase, "conditions": conditions, "containerStatuses": containers, "startTime": at,
            "podIP": f"10.2.{number // 256}.{number % 256}"}


def play(connection, pod):
    """Takes a pod one step further; true when it is to be looked at again a second later."""
    meta, spec = pod["metadata"], pod["spec"]
    path = f"/api/v1/namespaces/{meta['namespace']}/pods/{meta['name']}"
    node, phase = spec.get("nodeName"), pod.get("status", {}).get("phase", "Pending")
    if meta.get("deletionTimestamp"):
        if node in NODES or not node:
            connection.call("DELETE", path, {"gracePeriodSeconds": 0, "preconditions": {"uid": meta["uid"]}})
        return False
    if not node:
        if options.bind:
            target = NODES[int(meta["uid"][:4], 16) % len(NODES)]
            connection.call("POST", f"{path}/binding", {
                "apiVersion": "v1", "kind": "Binding", "metadata": {"name": meta["name"], "uid": meta["uid"]},
                "target": {"apiVersion": "v1", "kind": "Node", "name": target}})
        return False
    if node not in NODES:
        return False
    if phase == "Pending":
        connection.call("PATCH", f"{path}/status", {"metadata": {"uid": meta["uid"]}, "status": state_of(pod, "Running")}, STRATEGIC)
        return spec.get("restartPolicy", "Always") != "Always"
    if phase == "Running" and spec.get("restartPolicy", "Always") != "Always":
        connection.call("PATCH", f"{path}/status", {"metadata": {"uid": meta["uid"]}, "status": state_of(pod, "Succeeded")}, STRATEGIC)
    return False


def follow():
    """Lists all pods, then watches them, for ever."""
    connection = Connection()
    while True:
        status, listed = connection.call("GET", "/api/v1/pods")
        if status != 200:
            time.sleep(1)
            continue
        for pod in listed["items"]:
            seen(connection, pod)
        version = listed["metadata"]["resourceVersion"]
        stream = connect(120)
        try:
            stream.request("GET", f"/api/v1/pods?watch=1&timeoutSeconds=90&resourceVersion={version}")
            for line in stream.getresponse():
                event = json.loads(line)
                if event["type"] == "ERROR":
                    break
                if event["type"] in ("ADDED", "MODIFIED"):
                    seen(connection, event["object"])
        except (OSError, http.client.HTTPException, ValueError):
            time.sleep(0.5)
        finally:
            stream.close()


def seen(connection, pod):
    if play(connection, pod):
        def later():
            own = Connection()
            path = f"/api/v1/namespaces/{pod['metadata']['namespace']}/pods/{pod['metadata']['name']}"
            status, found = own.call("GET", path)
            if status == 200 and found["metadata"]["uid"] == pod["metadata"]["uid"]:
                play(own, found)
        timer = threading.Timer(1, later)
        timer.daemon = True
        timer.start()


def main():
    connection = Connection()
    status, version = connection.call("GET", "/version")
    if status != 200:
        raise SystemExit(f"nodes: the server answered {status}")
    register(connection, version["gitVersion"])
    threading.Thread(target=follow, daemon=True).start()
    while True:
        renew(connection)
        time.sleep(10)


main()
