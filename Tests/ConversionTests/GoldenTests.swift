import Catalog
import Conversion
import FoundationEssentials
import Manifests
import Testing

/// Pairs of an old object and what it becomes, one folder each.
private enum Goldens {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../fixtures/conversion")

    static let names =
        ((try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? []).filter { !$0.hasPrefix(".") }
        .sorted()

    static func object(_ name: String, _ file: String) throws -> KubeObject {
        try #require(ManifestLoader().load([folder.appending(path: "\(name)/\(file)").path]).objects.first?.object)
    }

    /// The release that the first line names, and the notes below it.
    static func heading(_ name: String) throws -> (target: KubernetesVersion, notes: [String]) {
        let text = try String(contentsOf: folder.appending(path: "\(name)/new.yaml"), encoding: .utf8)
        let lines = text.split(separator: "\n")
        let target = try #require(KubernetesVersion(String(lines[0].dropFirst("# target ".count))))
        return (target, lines.filter { $0.hasPrefix("# note: ") }.map { String($0.dropFirst("# note: ".count)) })
    }
}

@Suite("Golden conversions")
struct GoldenTests {
    @Test("become what was written down, with its notes, and once is as good as twice", arguments: Goldens.names)
    func golden(_ name: String) throws {
        let (target, notes) = try Goldens.heading(name)
        let expected = try Goldens.object(name, "new.yaml")
        let purpose = ConversionPurpose.migrating(to: target)
        let result = try ConversionRegistry.builtIn.convert(
            Goldens.object(name, "old.yaml"), to: expected.gvk, for: purpose)
        #expect(result.object.json.indentedText == expected.json.indentedText)
        #expect(result.notes == notes)
        #expect(
            try ConversionRegistry.builtIn.convert(result.object, to: expected.gvk, for: purpose).object == expected)
    }

    @Test("fit the schemas of their release", arguments: Goldens.names)
    func fits(_ name: String) throws {
        let schemas = try #require(Catalog.builtInSchemas.at(Goldens.heading(name).target))
        #expect(schemas.violations(of: try Goldens.object(name, "new.yaml")) == [])
    }

    @Test("exist for every kind that a conversion joins")
    func complete() throws {
        var seen: Set<GroupKind> = []
        for name in Goldens.names {
            seen.formUnion(
                ConversionRegistry.builtIn.versions(of: try Goldens.object(name, "new.yaml").gvk).map(\.groupKind))
        }
        // Controllers write the first; the second has no version that a release of today serves; the others go the way
        // of their siblings.
        let without: Set<String> = [
            "ControllerRevision.apps", "PodSecurityPolicy.policy", "PodSecurityPolicy.extensions",
            "Role.rbac.authorization.k8s.io", "ClusterRoleBinding.rbac.authorization.k8s.io",
            "MutatingAdmissionPolicyBinding.admissionregistration.k8s.io",
        ]
        let joined = Catalog.builtIn.lifecycles.map(\.gvk).filter {
            ConversionRegistry.builtIn.versions(of: $0).count > 1
        }
        #expect(Set(joined.map(\.groupKind)).subtracting(seen).filter { !without.contains($0.description) }.isEmpty)
    }
}
