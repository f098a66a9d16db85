import KubeAPI
import Manifests
import Synchronization
import Testing

extension Behaviour {
    static let writing: [Behaviour] = [
        Behaviour("create, read, replace, delete") { bench in
            let made = try await bench.client.create(bench.configMap("a"), as: .configMaps)
            #expect(made.uid?.isEmpty == false && made.resourceVersion?.isEmpty == false)
            let again = try await failure { () throws(KubeError) in
                try await bench.client.create(made, as: .configMaps)
            }
            #expect(again.code == .alreadyExists && again.retryClass == .conflict)
            var changed = made
            changed["data.a"] = "2"
            let replaced = try await bench.client.replace(changed, as: .configMaps)
            #expect(replaced["data.a"] == "2" && replaced.uid == made.uid)
            #expect(replaced.resourceVersion != made.resourceVersion)
            let stale = try await failure { () throws(KubeError) in
                try await bench.client.replace(changed, as: .configMaps)
            }
            #expect(stale.code == .conflict && stale.retryClass == .conflict, "the resourceVersion is a precondition")
            #expect(try await bench.client.delete(.configMaps, namespace: bench.namespace, name: "a") == nil)
            #expect(try await bench.client.getIfPresent(.configMaps, namespace: bench.namespace, name: "a") == nil)
        },
        Behaviour("patches of all four kinds") { bench in
            _ = try await bench.client.create(bench.deployment("web"), as: .deployments)
            func patch(_ patch: Patch) async throws(KubeError) -> KubeObject {
                try await bench.client.patch(patch, namespace: bench.namespace, name: "web", as: .deployments)
            }
            let merged = try await patch(.merge(["metadata": ["annotations": ["a/b": "1"]], "spec": ["paused": true]]))
            #expect(merged[annotation: "a/b"] == "1" && merged["spec.paused"] == true)
            let sidecar: JSONValue = ["name": "sidecar", "image": "registry.example/sidecar:1"]
            let strategic = try await patch(.strategic(["spec": ["template": ["spec": ["containers": [sidecar]]]]]))
            let names = strategic["spec.template.spec.containers"]?.array?.compactMap { $0["name"]?.string } ?? []
            #expect(Set(names) == ["web", "sidecar"], "lists are merged by name")
            let path = FieldPath("metadata").member("annotations").member("a/b")
            let json = try await patch(.json([.test(path, "1"), .replace(path, "2")]))
            #expect(json[annotation: "a/b"] == "2")
            let wrong = try await failure { () throws(KubeError) in
                try await patch(.json([.test(path, "1"), .remove(path)]))
            }
            #expect(wrong.code == .invalid, "a test that fails leaves everything as it was")
            #expect(
                try await bench.client.get(.deployments, namespace: bench.namespace, name: "web")[annotation: "a/b"]
                    == "2")
        },
        Behaviour("server-side apply knows who owns what") { bench in
            let mine = try bench.configMap("a", ["mine": "1", "shared": "1"])
            let made = try await bench.client.apply(mine, as: .configMaps, fieldManager: "kirikae")
            #expect(made["metadata.managedFields"]?.array?.isEmpty == false)
            let theirs = try bench.configMap("a", ["shared": "2"])
            let conflict = try await failure { () throws(KubeError) in
                try await bench.client.apply(theirs, as: .configMaps, fieldManager: "other")
            }
            #expect(
                conflict.code == .conflict && conflict.causes.contains { $0.field == ".data.shared" },
                "\(conflict.causes)")
            let forced = try await bench.client.apply(theirs, as: .configMaps, fieldManager: "other", force: true)
            #expect(forced["data.shared"] == "2" && forced["data.mine"] == "1")
            let less = try await bench.client.apply(
                bench.configMap("a", ["new": "1"]), as: .configMaps, fieldManager: "kirikae")
            #expect(less["data.mine"] == nil && less["data.new"] == "1", "what is applied no more goes away")
            let same = try await bench.client.apply(
                bench.configMap("a", ["new": "1"]), as: .configMaps, fieldManager: "kirikae")
            #expect(same.resourceVersion == less.resourceVersion, "applying the same again changes nothing")
        },
        Behaviour("deletes hold to their preconditions and wait for finalizers") { bench in
            var object = try bench.configMap("a")
            object["metadata.finalizers"] = ["example.com/hold"]
            let made = try await bench.client.create(object, as: .configMaps)
            let wrong = try await failure { () throws(KubeError) in
                try await bench.client.delete(
                    .configMaps, namespace: bench.namespace, name: "a",
                    options: DeleteOptions(uid: "00000000-0000-0000-0000-000000000000"))
            }
            #expect(wrong.code == .conflict)
            let staying = try await bench.client.delete(
                .configMaps, namespace: bench.namespace, name: "a", options: DeleteOptions(uid: made.uid))
            #expect(staying?["metadata.deletionTimestamp"] != nil)
            _ = try await bench.client.patch(
                .merge(["metadata": ["finalizers": .null]]), namespace: bench.namespace, name: "a", as: .configMaps)
            #expect(try await bench.client.getIfPresent(.configMaps, namespace: bench.namespace, name: "a") == nil)
            let gone = try await failure { () throws(KubeError) in
                try await bench.client.delete(.configMaps, namespace: bench.namespace, name: "a")
            }
            #expect(gone.code == .notFound)
        },
        Behaviour("what an owner's deletion takes along is the caller's choice") { bench in
            func family(_ name: String) async throws -> KubeObject {
                let owner = try await bench.client.create(bench.configMap(name), as: .configMaps)
                var child = try bench.configMap("\(name)-child")
                child["metadata.ownerReferences"] = [
                    [
                        "apiVersion": "v1", "kind": "ConfigMap", "name": .string(name),
                        "uid": owner.uid.map(JSONValue.string) ?? .null,
                    ]
                ]
                return try await bench.client.create(child, as: .configMaps)
            }
            _ = try await family("kept")
            _ = try await bench.client.delete(
                .configMaps, namespace: bench.namespace, name: "kept", options: DeleteOptions(propagation: .orphan))
            _ = try await family("taken")
            _ = try await bench.client.delete(
                .configMaps, namespace: bench.namespace, name: "taken", options: DeleteOptions(propagation: .background)
            )
            try await bench.eventually("the owned object outlives its owner") {
                try await bench.client.getIfPresent(.configMaps, namespace: bench.namespace, name: "taken-child") == nil
            }
            let kept = try await bench.client.get(.configMaps, namespace: bench.namespace, name: "kept-child")
            try await bench.eventually("the orphan still names its owner") {
                try await bench.client.get(.configMaps, namespace: bench.namespace, name: "kept-child")[
                    "metadata.ownerReferences"] == nil
            }
            #expect(kept.name == "kept-child")
        },
        Behaviour("a dry run goes all the way but the store") { bench in
            let made = try await bench.client.create(
                bench.configMap("a"), as: .configMaps, options: WriteOptions(dryRun: true))
            #expect(made.name == "a")
            #expect(try await bench.client.getIfPresent(.configMaps, namespace: bench.namespace, name: "a") == nil)
            _ = try await bench.client.apply(bench.configMap("b"), as: .configMaps, fieldManager: "k", dryRun: true)
            #expect(try await bench.client.getIfPresent(.configMaps, namespace: bench.namespace, name: "b") == nil)
        },
        Behaviour("unknown fields are refused where the server can tell them") { bench in
            var object = try bench.deployment("web")
            object["spec.replicaz"] = 3
            let strict = WriteOptions(dryRun: true, fieldValidation: .strict)
            if bench.server.version < KubernetesVersion(major: 1, minor: 25) {
                // Servers of old pass over the option and the field: whoever relies on it has to look at the version.
                let made = try await bench.client.create(object, as: .deployments, options: strict)
                #expect(made["spec.replicaz"] == nil)
            } else {
                let error = try await failure { () throws(KubeError) in
                    try await bench.client.create(object, as: .deployments, options: strict)
                }
                #expect(error.code == .invalid && error.message.contains("replicaz"))
            }
        },
        Behaviour("warnings are handed on") { bench in
            let heard = Mutex<[ServerWarning]>([])
            var client = bench.client
            client.onWarning = { warning in heard.withLock { $0.append(warning) } }
            if bench.server.version < KubernetesVersion(major: 1, minor: 22) {
                let old = APIResource(
                    gvk: GroupVersionKind(group: "networking.k8s.io", version: "v1beta1", kind: "Ingress"),
                    plural: "ingresses", namespaced: true)
                _ = try await client.list(old, namespace: bench.namespace)
                #expect(heard.withLock { $0 }.contains { $0.message.contains("deprecated") && $0.verb == "list" })
            } else {
                var object = try bench.deployment("web")
                object["spec.replicaz"] = 3
                _ = try await client.create(
                    object, as: .deployments, options: WriteOptions(dryRun: true, fieldValidation: .warn))
                #expect(heard.withLock { $0 }.contains { $0.message.contains("replicaz") })
            }
        },
        Behaviour("an object that is not acceptable is refused with its fields") { bench in
            var object = try bench.deployment("web")
            object["spec.template.metadata.labels"] = ["app": "other"]
            let error = try await failure { () throws(KubeError) in
                try await bench.client.create(object, as: .deployments)
            }
            #expect(error.code == .invalid && error.status == 422 && !error.causes.isEmpty, "\(error)")
            #expect(error.causes.contains { $0.field.hasPrefix("spec.template.metadata.labels") }, "\(error.causes)")
        },
        Behaviour("status and spec are written apart") { bench in
            let made = try await bench.client.create(bench.deployment("web", replicas: 0), as: .deployments)
            #expect(made["metadata.generation"]?.integer == 1)
            var scaled = try await bench.client.patch(
                .merge(["spec": ["replicas": 0, "revisionHistoryLimit": 3]]), namespace: bench.namespace, name: "web",
                as: .deployments)
            #expect((scaled["metadata.generation"]?.integer ?? 0) == 2)
            scaled = try await bench.client.patch(
                .merge(["spec": ["replicas": 9], "status": ["observedGeneration": 1]]), namespace: bench.namespace,
                name: "web", as: .deployments, subresource: "status")
            #expect(scaled["spec.replicas"]?.integer == 0, "the status subresource leaves the spec alone")
        },
        Behaviour("a large object arrives whole") { bench in
            let text = String(repeating: "Straße, 通り, \\ \"quoted\" ", count: 20_000)
            let made = try await bench.client.create(bench.configMap("big", ["text": .string(text)]), as: .configMaps)
            #expect(made["data.text"]?.string == text)
            let read = try await bench.client.get(.configMaps, namespace: bench.namespace, name: "big")
            #expect(read["data.text"]?.string == text)
        },
    ]
}
