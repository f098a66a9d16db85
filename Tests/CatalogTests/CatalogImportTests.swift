import Catalog
import Manifests
import Testing

@Suite("Importing a release")
struct CatalogImportTests {
    /// A version 2 document with these kinds, as `swagger.json` marks its operations.
    static func openAPI(_ kinds: [(gvk: String, resource: String, namespaced: Bool)], version: String?) -> JSONValue {
        var paths: JSONObject = [:]
        for kind in kinds {
            let api = gvk(kind.gvk)
            let base = api.group.isEmpty ? "/api/\(api.version)" : "/apis/\(api.group)/\(api.version)"
            let mark: JSONValue = [
                "group": .string(api.group), "version": .string(api.version), "kind": .string(api.kind),
            ]
            let operation: JSONValue = ["get": ["x-kubernetes-group-version-kind": mark]]
            let place = kind.namespaced ? "\(base)/namespaces/{namespace}" : base
            paths["\(base)/\(kind.resource)"] = operation
            paths["\(place)/\(kind.resource)/{name}"] = operation
            paths["\(place)/\(kind.resource)/{name}/status"] = operation
            paths["\(base)/watch/\(kind.resource)"] = operation
            paths["\(base)/"] = ["get": [:]]
        }
        var document: JSONValue = ["paths": .object(paths)]
        if let version { document["info"] = ["version": .string(version)] }
        return document
    }

    @Test("reads kinds, addresses and scope, and leaves subresources and watches out")
    func reads() throws {
        let document = Self.openAPI(
            [
                ("v1 Namespace", "namespaces", false), ("v1 Pod", "pods", true),
                ("apps/v1 Deployment", "deployments", true),
            ],
            version: "v1.38.0")
        let read = try #require(OpenAPIKinds(document))
        #expect(read.version == v(38))
        #expect(
            read.kinds.map { "\($0.gvk) \($0.resource) \($0.namespaced)" }
                == ["v1 Namespace namespaces false", "v1 Pod pods true", "apps/v1 Deployment deployments true"])
        #expect(OpenAPIKinds(["swagger": "2.0"]) == nil)
    }

    /// Everything that the catalog has at a release, as its OpenAPI would show it.
    static func kinds(at version: KubernetesVersion) -> [ServedKind] {
        Catalog.builtIn.lifecycles.filter { $0.exists(at: version) && [.resource, .virtual].contains($0.kindClass) }
            .map { ServedKind(gvk: $0.gvk, resource: $0.resource, namespaced: $0.namespaced) }
    }

    @Test("finds nothing to say about a release that the catalog knows", arguments: [24, 30, 36])
    func known(_ minor: Int) {
        let imported = CatalogImport(
            Self.kinds(at: v(minor)), version: v(minor), source: .openAPI("f"), catalog: .builtIn)
        #expect(imported.changes.map { "\($0.sort) \($0.gvk)" } == [])
        #expect(imported.overlay.apis.isEmpty && imported.overlay.newest == nil)
    }

    @Test("of the next release makes an overlay that says what is new and what is gone")
    func next() throws {
        let next = KubernetesVersion(minor: Catalog.builtIn.newest.minor + 1)
        let announced = try #require(
            Catalog.builtIn.lifecycles.first { $0.plannedRemoval == next && $0.kindClass == .resource })
        var kinds = Self.kinds(at: next)
        kinds.append(announced.served)
        let unannounced = gvk("apps/v1 ControllerRevision")
        kinds.removeAll { $0.gvk == unannounced }
        kinds.append(ServedKind(gvk: gvk("new.k8s.io/v1beta1 Thing"), resource: "things", namespaced: true))
        let imported = CatalogImport(kinds, version: next, source: .openAPI("swagger.json"), catalog: .builtIn)
        #expect(imported.changes.contains { $0.sort == .new && $0.gvk == gvk("new.k8s.io/v1beta1 Thing") })
        #expect(imported.changes.contains { $0.sort == .gone && $0.gvk == unannounced && $0.detail == "not announced" })
        #expect(imported.changes.contains { $0.sort == .stays && $0.gvk == announced.gvk })
        // What it makes can be laid over the catalog, through a file.
        let read = try CatalogOverlay(Array(imported.overlay.yaml.utf8), file: "kubernetes.yaml")
        let catalog = try Catalog.builtIn.overlaid(with: read)
        #expect(catalog.newest == next)
        #expect(!catalog.isServed(unannounced, at: next) && catalog.isServed(unannounced, at: Catalog.builtIn.newest))
        #expect(catalog.lifecycle(of: gvk("new.k8s.io/v1beta1 Thing"))?.defaultEnabled == false)
        #expect(catalog.lifecycle(of: announced.gvk)?.exists(at: next) == true)
    }

    @Test(
        "from a server knows what was switched off there from what is gone",
        arguments: [CatalogImport.Source.server("green"), .openAPI("swagger.json")])
    func server(_ source: CatalogImport.Source) {
        let version = v(36)
        var kinds = Catalog.builtIn.served(at: version).filter { [.resource, .virtual].contains($0.kindClass) }
            .map(\.served)
        kinds.removeAll { $0.gvk.group == "batch" }
        let imported = CatalogImport(kinds, version: version, source: source, catalog: .builtIn)
        #expect(imported.changes.allSatisfy { $0.sort == .switched && $0.gvk.group == "batch" })
        #expect(!imported.changes.isEmpty && imported.overlay.apis.isEmpty)
    }
}

extension APILifecycle {
    fileprivate var served: ServedKind { ServedKind(gvk: gvk, resource: resource, namespaced: namespaced) }
}

@Suite("Finding one's way in the catalog")
struct CatalogSearchTests {
    @Test(
        "goes by whatever people call a kind",
        arguments: [
            ("Ingress", ["networking.k8s.io/v1", "networking.k8s.io/v1beta1", "extensions/v1beta1"]),
            ("ingresses.extensions", ["extensions/v1beta1"]), ("Ingress.extensions", ["extensions/v1beta1"]),
            ("batch/v1beta1 cronjob", ["batch/v1beta1"]), ("batch/v1beta1/CronJob", ["batch/v1beta1"]),
            ("v1/Pod", ["v1"]), ("policy/v1", ["policy/v1"]), ("nothing", []), ("no such kind", []), ("", []),
        ])
    func named(_ name: String, _ versions: [String]) {
        let found = Catalog.builtIn.entries(named: name).map(\.gvk.apiVersion)
        #expect(Set(versions).isSubset(of: Set(found)) && found.isEmpty == versions.isEmpty, "\(found)")
    }

    @Test("finds words wherever they stand")
    func mentioning() {
        #expect(Catalog.builtIn.entries(mentioning: "cronj").map(\.gvk.version).contains("v1beta1"))
        #expect(Catalog.builtIn.entries(mentioning: "nowhere-at-all").isEmpty)
    }
}
