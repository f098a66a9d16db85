import KubeAPI
import Manifests
import Testing

extension Behaviour {
    static let reading: [Behaviour] = [
        Behaviour("it says which version it is, and which cluster") { bench in
            let version = try await bench.client.serverVersion()
            #expect(version.version == bench.server.version && version.gitVersion.hasPrefix("v1."))
            #expect(try await !bench.client.clusterUID().isEmpty)
        },
        Behaviour("discovery knows every kind with its verbs") { bench in
            let discovery = try await bench.client.discover()
            let deployments = try #require(discovery.resource(for: APIResource.deployments.gvk))
            #expect(deployments.plural == "deployments" && deployments.namespaced)
            for verb in ["create", "delete", "get", "list", "patch", "update", "watch"] {
                #expect(deployments.allows(verb), "\(verb)")
            }
            let namespaces = try #require(discovery.resource(for: APIResource.namespaces.gvk))
            #expect(!namespaces.namespaced && discovery.groupVersions.first == "v1")
            #expect(discovery.resources.allSatisfy { !$0.plural.contains("/") })
            #expect(discovery.preferredVersions["apps"] == "v1" && discovery.unavailable.isEmpty)
            let kinds = discovery.preferredResources.map(\.gvk.groupKind)
            #expect(Set(kinds).count == kinds.count)
        },
        Behaviour("discovery finds a new kind, and its objects live") { bench in
            let widgets = try await bench.newKind()
            #expect(widgets.namespaced && widgets.plural == "widgets")
            let made = try await bench.client.create(bench.object(widgets, "one", ["spec": ["a": 1]]), as: widgets)
            #expect(made.uid?.isEmpty == false && made.gvk == widgets.gvk)
            #expect(try await bench.client.list(widgets, namespace: bench.namespace).items.map(\.name) == ["one"])
            try await bench.remove(widgets)
        },
        Behaviour("what is not there is told apart from what cannot be there") { bench in
            let missing = try await failure { () throws(KubeError) in
                try await bench.client.get(.configMaps, namespace: bench.namespace, name: "nosuch")
            }
            #expect(missing.code == .notFound && missing.reason == "NotFound" && missing.retryClass == .permanent)
            #expect(missing.description.contains("nosuch"))
            #expect(try await bench.client.getIfPresent(.configMaps, namespace: bench.namespace, name: "nosuch") == nil)
            let unknown = APIResource(
                gvk: GroupVersionKind(group: "nosuch.example", version: "v1", kind: "No"), plural: "nos",
                namespaced: true)
            let error = try await failure { () throws(KubeError) in
                try await bench.client.getIfPresent(unknown, namespace: bench.namespace, name: "x")
            }
            #expect(error.code == .notFound, "a kind that is not served is no absent object")
        },
        Behaviour("it tells us what we may do") { bench in
            let answer = try await bench.client.mayI(
                AccessQuestion("create", "configmaps", namespace: bench.namespace))
            #expect(answer == .allowed)
        },
        Behaviour("names that need percent-encoding are found again") { bench in
            let name = "system:\(bench.namespace):über".replacing("über", with: "x+y@z")
            let role = try bench.object(.clusterRoles, name, ["rules": []])
            _ = try await bench.client.create(role, as: .clusterRoles)
            #expect(try await bench.client.get(.clusterRoles, namespace: nil, name: name).name == name)
            let list = try await bench.client.list(
                .clusterRoles, options: ListOptions(fieldSelector: "metadata.name=\(name)"))
            #expect(list.items.map(\.name) == [name])
            _ = try await bench.client.delete(.clusterRoles, namespace: nil, name: name)
        },
        Behaviour("a lease is taken, renewed and lost by compare-and-swap") { bench in
            let leases = LeaseClient(client: bench.client, namespace: bench.namespace, name: "lock")
            #expect(try await leases.read() == nil)
            let first = LeaseClaim(holder: "a", durationSeconds: 60)
            let taken = try await leases.acquire(first, over: nil, at: "2026-11-21T10:00:00.000000Z")
            let late = try await failure { () throws(KubeError) in
                try await leases.acquire(
                    LeaseClaim(holder: "b", durationSeconds: 60), over: nil, at: "2026-11-21T10:00:01.000000Z")
            }
            #expect(late.code == .alreadyExists)
            _ = try await leases.acquire(first, over: taken, at: "2026-11-21T10:00:02.000000Z")
            let stale = try await failure { () throws(KubeError) in
                try await leases.acquire(
                    LeaseClaim(holder: "b", durationSeconds: 60), over: taken, at: "2026-11-21T10:00:03.000000Z")
            }
            #expect(stale.code == .conflict)
        },
    ]
}
