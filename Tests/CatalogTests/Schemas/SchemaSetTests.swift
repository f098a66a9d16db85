import Catalog
import FoundationEssentials
import Manifests
import Testing

private func schemas(_ minor: Int) throws -> MinorSchemas {
    try #require(Catalog.builtInSchemas.at(KubernetesVersion(minor: minor)))
}

private func deployment(_ minor: Int) throws -> SchemaType {
    try #require(try schemas(minor).type(of: GroupVersionKind(apiVersion: "apps/v1", kind: "Deployment")))
}

@Suite("Schemas of the built-in kinds")
struct SchemaSetTests {
    @Test("They are compiled from the data file as it stands in the source tree")
    func literalEqualsFile() throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../../Sources/Catalog/Schemas")
        let data = try String(contentsOf: folder.appending(path: "schemas.txt"), encoding: .utf8)
        let literal = try String(contentsOf: folder.appending(path: "SchemaText.generated.swift"), encoding: .utf8)
        let lines = data.split(separator: "\n").filter { !$0.hasPrefix("#") }
        let compiled = literal.split(separator: "\n").drop { !$0.hasSuffix("#\"\"\"") }.dropFirst().dropLast(2)
        #expect(compiled.elementsEqual(lines), "run scripts/generate-schemas --literal")
    }

    @Test("They reach from 1.16 to 1.37, and no further")
    func range() {
        #expect(Catalog.builtInSchemas.releases == KubernetesVersion(minor: 16)...KubernetesVersion(minor: 37))
        #expect(Catalog.builtInSchemas.at(KubernetesVersion(minor: 15)) == nil)
        #expect(Catalog.builtInSchemas.at(KubernetesVersion(minor: 38)) == nil)
    }

    @Test("A field's line holds in the releases it names")
    func fieldsByRelease() throws {
        #expect(try deployment(32).place(at: "status.terminatingReplicas") == nil)
        #expect(try deployment(33).place(at: "status.terminatingReplicas")?.shape == .integer(bits: 32))
        let conditions = FieldPath("status.conditions")
        #expect(try deployment(29).place(at: conditions)?.field?.merging == nil)
        #expect(try deployment(30).place(at: conditions)?.field?.merging == .keyed(by: ["type"]))
        #expect(try deployment(16).place(at: conditions)?.field?.patching.mergeKey == "type")
    }

    @Test("A kind has its schema in the releases that serve it")
    func kindsByRelease() throws {
        let old = GroupVersionKind(apiVersion: "extensions/v1beta1", kind: "Ingress")
        #expect(try schemas(21).type(of: old)?.name == "extensions.v1beta1.Ingress")
        #expect(try schemas(22).type(of: old) == nil)
        #expect(try schemas(36).kinds.contains(GroupVersionKind(apiVersion: "v1", kind: "Pod")))
        #expect(try !schemas(36).kinds.contains(GroupVersionKind(apiVersion: "v1", kind: "PodList")))
    }

    @Test("A path is walked through lists and maps, and into what may hold anything")
    func walking() throws {
        let type = try deployment(36)
        #expect(type.place(at: "spec.template.spec.containers[3].image")?.shape == .string)
        #expect(type.place(at: "spec.template.spec.containers.image") == nil)
        #expect(type.place(at: "spec.template.metadata.labels['a.b/c']")?.shape == .string)
        #expect(type.place(at: "spec.template.spec.containers[0].resources.limits.cpu")?.shape == .quantity)
        #expect(type.place(at: "spec.strategy.rollingUpdate.maxSurge")?.shape == .integerOrString)
        #expect(type.place(at: "spec.tempalte") == nil)
        #expect(type.place(at: "spec.replicas[0]") == nil)
        let crd = try schemas(36).type(
            of: GroupVersionKind(apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition"))
        #expect(crd?.place(at: "spec.versions[0].schema.openAPIV3Schema.properties.a.items.type")?.shape == .any)
        let schema = FieldPath("spec.versions[0].schema.openAPIV3Schema.properties.a.properties.b.type")
        #expect(crd?.place(at: schema)?.shape == .string)
    }

    @Test("What must be there, what is deprecated, and how lists merge stand with the field")
    func marks() throws {
        let spec = try #require(try schemas(36).type(named: "core.v1.PodSpec"))
        #expect(spec.required == ["containers"])
        #expect(spec.field("serviceAccount")?.isDeprecated == true)
        #expect(spec.field("serviceAccountName")?.isDeprecated == false)
        #expect(spec.field("volumes")?.patching.retainsKeys == true)
        #expect(spec.field("volumes")?.patching.mergeKey == "name")
        #expect(spec.field("imagePullSecrets")?.merging == .keyed(by: ["name"]))
        let container = try #require(try schemas(36).type(named: "core.v1.Container"))
        #expect(container.field("ports")?.merging == .keyed(by: ["containerPort", "protocol"]))
        #expect(container.field("ports")?.patching.mergeKey == "containerPort")
        #expect(try deployment(36).place(at: "spec.selector")?.field?.merging == .atomic)
        #expect(try deployment(36).place(at: "spec.selector")?.field?.isRequired == true)
    }

    @Test("The catalog and the schemas know the same served kinds", arguments: 16...36)
    func agreesWithTheCatalog(_ minor: Int) throws {
        let version = KubernetesVersion(minor: minor)
        let served = Catalog.builtIn.served(at: version).filter { $0.kindClass == .resource && $0.gvk.kind != "*" }
        let known = Set(try schemas(minor).kinds)
        #expect(served.map(\.gvk).filter { !known.contains($0) }.isEmpty)
    }

    @Test(
        "A malformed line is refused with its place",
        arguments: [
            ("type a\n", 0), ("minors 1 2\nfield string\n", 2), ("minors 1 2\ntype a\n f string 3\n", 3),
            ("minors 1 2\ntype a\n b string\n a string\n", 4), ("minors 1 2\ntype a\n b string what\n", 3),
            ("minors 1 2\ntype a\n b missing\n", 3),
        ])
    func malformed(_ text: String, _ line: Int) {
        if line == 0 {
            // Without a range, release 0 is all there is.
            #expect(throws: Never.self) { try SchemaSet(parsing: text) }
        } else {
            #expect { try SchemaSet(parsing: text) } throws: { ($0 as? CatalogError)?.line == line }
        }
    }
}
