import Catalog
import FoundationEssentials
import Manifests
import Testing

@Suite("An overlay of the catalog")
struct CatalogOverlayTests {
    static let head = "apiVersion: kirikae.dev/v1\nkind: CatalogOverlay\nmetadata: {name: ours}\n"
    static let schemaFolder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "docs/schema")

    static func overlay(_ text: String) throws -> CatalogOverlay {
        try CatalogOverlay(Array((head + text).utf8), file: "o.yaml")
    }

    @Test("adds kinds the catalog does not know")
    func adds() throws {
        let catalog = try Catalog.builtIn.overlaid(
            with: Self.overlay(
                """
                apis:
                  - {apiVersion: example.org/v1beta1, kind: Widget, resource: widgets, scope: Cluster, source: us,
                     defaultEnabled: true, introduced: '1.20', removed: '1.30', replacement: {apiVersion: example.org/v1}}
                  - {apiVersion: example.org/v1, kind: Widget, resource: widgets, scope: Cluster, source: us}
                """))
        #expect(catalog.isServed(gvk("example.org/v1beta1 Widget"), at: v(29)))
        #expect(!catalog.isServed(gvk("example.org/v1beta1 Widget"), at: v(30)))
        #expect(catalog.replacement(for: gvk("example.org/v1beta1 Widget"), at: v(36))?.version == "v1")
        #expect(catalog.lifecycles.count == Catalog.builtIn.lifecycles.count + 2)
        #expect(catalog.digest != Catalog.builtIn.digest)
    }

    @Test(
        "gives the catalog another name, whichever part of it says something",
        arguments: [
            "apis:\n- {apiVersion: networking.k8s.io/v1beta1, kind: Ingress, removed: '1.23', source: us}\n",
            "behaviours:\n- {id: ours, since: '1.30', consequence: ignored, find: [pod-metadata annotation ours.org/zone], happens: a, "
                + "do: b, source: us}\n",
            "customResources:\n- {project: ours, apiVersion: ours.org/v1, kind: Ours, introduced: '1.0',\n   removed: '1.2', source: us}\n",
            "compatibility:\n- {project: ours, runs: ['1.21 on 1.33-1.36'], source: us}\n",
        ])
    func digest(_ text: String) throws {
        let catalog = try Catalog.builtIn.overlaid(with: Self.overlay(text))
        #expect(catalog.digest != Catalog.builtIn.digest)
        let again = try Catalog.builtIn.overlaid(with: Self.overlay(text))
        #expect(catalog.digest == again.digest)
        let other = try Catalog.builtIn.overlaid(with: Self.overlay(text.replacing("us}", with: "them}")))
        #expect(catalog.digest != other.digest)
    }

    @Test("replaces the facts it states, and tells where they and the others come from")
    func overrides() throws {
        let ingress = gvk("networking.k8s.io/v1beta1 Ingress")
        let catalog = try Catalog.builtIn.overlaid(
            with: Self.overlay(
                "apis:\n- {apiVersion: networking.k8s.io/v1beta1, kind: Ingress, removed: '1.23', source: 'a, b | c'}\n"
            ))
        let before = try #require(Catalog.builtIn.lifecycle(of: ingress))
        let after = try #require(catalog.lifecycle(of: ingress))
        #expect(after.removed == v(23) && before.removed == v(22))
        #expect(after.introduced == before.introduced && after.replacement == before.replacement)
        let provenance = try #require(catalog.provenance(of: ingress))
        #expect(provenance.facts.first { $0.name == "removed" }?.sources == ["overlay ours: a; b ; c"])
        #expect(provenance.facts.first { $0.name == "introduced" }?.sources.contains("lifecycle") == true)
        #expect(provenance.notes.contains { $0.hasPrefix("before overlay ours: removed 1.22") })
        #expect(catalog.lifecycles.count == Catalog.builtIn.lifecycles.count)
    }

    @Test("takes a fact away with null, and announces what lies beyond the newest release")
    func takesAway() throws {
        let text = """
            apis:
              - {apiVersion: networking.k8s.io/v1beta1, kind: Ingress, removed: null, source: us}
              - {apiVersion: apps/v1, kind: Deployment, removed: '1.99', source: us}
            """
        let catalog = try Catalog.builtIn.overlaid(with: Self.overlay(text))
        #expect(catalog.isServed(gvk("networking.k8s.io/v1beta1 Ingress"), at: v(36)))
        #expect(catalog.lifecycle(of: gvk("apps/v1 Deployment"))?.removed == nil)
        #expect(catalog.lifecycle(of: gvk("apps/v1 Deployment"))?.plannedRemoval == v(99))
    }

    @Test("moves the newest known release")
    func newest() throws {
        let next = KubernetesVersion(minor: Catalog.builtIn.newest.minor + 1)
        let catalog = try Catalog.builtIn.overlaid(with: Self.overlay("newest: '\(next)'\n"))
        #expect(catalog.covers(next) && !Catalog.builtIn.covers(next))
        #expect(try Catalog.builtIn.overlaid(with: Self.overlay("newest: '1.20'\n")).newest == Catalog.builtIn.newest)
    }

    @Test(
        "names file, line and column of what is wrong",
        arguments: [
            ("apis: {}\n", "o.yaml:4:7", "must be a list"),
            ("apis:\n- x\n", "o.yaml:5:3", "must be a mapping"),
            ("api: []\n", "o.yaml:4:1", "unknown member api"),
            ("newest: 1.30\n", "o.yaml:4:9", "in quotes"),
            ("apis:\n- {apiVersion: a/v1, kind: A}\n", "o.yaml:5:3", "source is missing"),
            ("apis:\n- {apiVersion: a/v1, kind: A, source: s, scop: Cluster}\n", "o.yaml:5:42", "unknown member scop"),
            ("apis:\n- {apiVersion: a/v1, kind: A, source: s, scope: Node}\n", "o.yaml:5:49", "Namespaced, Cluster"),
            ("apis:\n- {apiVersion: a/v1, kind: A, source: s, removed: soon}\n", "o.yaml:5:51", "in quotes"),
            ("apis:\n- {apiVersion: a/v1, kind: A, source: s, removed: 1.30}\n", "o.yaml:5:51", "in quotes"),
            ("apis:\n- {apiVersion: a/v1, kind: A, source: s, replacement: {version: v2}}\n", "o.yaml:5:56", "version"),
            (
                "apis:\n- {apiVersion: v1, kind: Pod, source: s}\n- {apiVersion: v1, kind: Pod, source: s}\n",
                "o.yaml:6:3", "second entry"
            ),
            ("apis: [\n", "o.yaml:5:1", ""),
        ])
    func refuses(_ text: String, _ place: String, _ words: String) {
        let error = #expect(throws: CatalogOverlayError.self) { try Self.overlay(text) }
        #expect(error?.location?.description == place, "\(error?.description ?? "")")
        #expect(words.isEmpty || error?.message.contains(words) == true, "\(error?.message ?? "")")
    }

    @Test(
        "that does not fit the catalog is refused at its place",
        arguments: [
            ("apis:\n- {apiVersion: a/v1, kind: A, source: s}\n", "resource and scope"),
            (
                "apis:\n- {apiVersion: a/v1, kind: A, source: s, resource: as, scope: Cluster, introduced: '1.30', "
                    + "removed: '1.29'}\n", "removed in 1.29 but introduced in 1.30"
            ),
        ])
    func contradicts(_ text: String, _ words: String) throws {
        let overlay = try Self.overlay(text)
        let error = #expect(throws: CatalogOverlayError.self) { try Catalog.builtIn.overlaid(with: overlay) }
        #expect(error?.location?.description == "o.yaml:5:3" && error?.message.contains(words) == true)
    }

    @Test("brings changes of behaviour, custom resources and tables of its own")
    func facts() throws {
        let text = try String(contentsOf: Self.schemaFolder.appending(path: "catalog.example.yaml"), encoding: .utf8)
        let overlay = try CatalogOverlay(Array(text.utf8), file: "example")
        let facts = try Catalog.builtIn.overlaid(with: overlay).facts
        #expect(facts.behaviour("shop-old-annotation")?.since == v(30))
        #expect(facts.ecosystem(of: gvk("shop.example.org/v1beta1 Cart"))?.removed?.description == "3.0")
        let table = try #require(facts.compatibility(of: "storefront-operator"))
        #expect(table.supports(ReleaseVersion(major: 2, minor: 5), on: v(36)) == false)
        #expect(facts.behaviours.count == Catalog.builtIn.facts.behaviours.count + 1)
        let wrong =
            "behaviours:\n- {id: a, since: '1.30', consequence: ignored, find: [nowhere at all], happens: this, "
            + "do: that, source: us}\n"
        let error = #expect(throws: CatalogOverlayError.self) { try Self.overlay(wrong) }
        #expect(error?.location?.description == "o.yaml:5:3")
    }

    @Test("reads again as it was written")
    func roundTrip() throws {
        let text = try String(contentsOf: Self.schemaFolder.appending(path: "catalog.example.yaml"), encoding: .utf8)
        let read = try CatalogOverlay(Array(text.utf8), file: "example")
        let again = try CatalogOverlay(Array(read.yaml.utf8), file: "example")
        #expect(read.json == again.json && read.apis.count == 3 && again.facts.behaviours.isEmpty)
        let catalog = try Catalog.builtIn.overlaid(with: read)
        #expect(!catalog.isServed(gvk("shop.example.org/v1alpha1 Storefront"), at: v(36)))
        #expect(catalog.isServed(gvk("resource.k8s.io/v1beta2 ResourceClaim"), at: v(36)))
    }

    @Test("has no member that the published schema does not know, and the other way round")
    func schema() throws {
        let bytes = Array(try Data(contentsOf: Self.schemaFolder.appending(path: "catalog.schema.json")))
        let schema = try JSONValue(parsing: bytes)
        let example = Array(try Data(contentsOf: Self.schemaFolder.appending(path: "catalog.example.yaml")))
        var written = try #require(try YAML.documents(example, file: "example").first?.value)
        written["newest"] = "1.38"
        #expect(written.object?.keys == schema["properties"]?.object?.keys)
        for (list, name) in [
            ("apis", "api"), ("customResources", "customResource"), ("compatibility", "compatibility"),
        ] {
            #expect(
                written[list]?[0]?.object?.keys == schema["$defs"]?[name]?["properties"]?.object?.keys, "\(list)")
        }
    }
}
