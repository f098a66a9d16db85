import Catalog
import Conversion
import Manifests
import Testing

/// A version, and the release whose schema objects of it are made from: the last that has it.
struct ConvertibleVersion: Sendable, CustomTestStringConvertible {
    var gvk: GroupVersionKind
    var release: KubernetesVersion
    var testDescription: String { "\(gvk)" }

    static let all: [ConvertibleVersion] = Catalog.builtIn.lifecycles.compactMap { entry in
        guard ConversionRegistry.builtIn.versions(of: entry.gvk).count > 1 else { return nil }
        let release = (16...37).map { KubernetesVersion(minor: $0) }.last {
            Catalog.builtInSchemas.at($0)?.type(of: entry.gvk) != nil
        }
        return release.map { ConvertibleVersion(gvk: entry.gvk, release: $0) }
    }
}

@Suite("Conversions of whatever the schemas allow")
struct SchemaPropertyTests {
    @Test(
        "never fail in silence, are done at once, and fit the schema of the version they give",
        arguments: ConvertibleVersion.all)
    func everyObject(_ source: ConvertibleVersion) throws {
        let type = try #require(Catalog.builtInSchemas.at(source.release)?.type(of: source.gvk))
        for seed in 0..<10 {
            var generator = SchemaObjects(random: SplitMix64(state: UInt64(seed)))
            let object = generator.object(source.gvk, type)
            for target in ConversionRegistry.builtIn.versions(of: source.gvk) where target != source.gvk {
                switch ConversionRegistry.builtIn.outcome(of: object, to: target) {
                case .needsPerson(let error):
                    #expect(!error.message.isEmpty && error.code != .unknown && error.object == object.reference)
                case .converted(let result):
                    #expect(result.object.gvk == target)
                    #expect(result.object.name == "x" && result.object.namespace == "shop")
                    let again = ConversionRegistry.builtIn.outcome(of: result.object, to: target)
                    #expect(again.object == result.object)
                    guard let problems = violations(of: result.object, from: source) else { continue }
                    #expect(problems == [], "seed \(seed): \(object.json.canonicalText)")
                }
            }
        }
    }

    /// What the newest release that serves the result finds wrong; only going to younger versions has to fit.
    ///
    /// What is missing says nothing of a conversion: younger schemas name as required what older servers asked for
    /// without saying so. `clusterName` of metadata left every kind with 1.25.
    private func violations(of object: KubeObject, from source: ConvertibleVersion) -> [String]? {
        let versions = ConversionRegistry.builtIn.versions(of: source.gvk)
        guard object.gvk == versions.last else { return nil }
        let release = (16...37).map { KubernetesVersion(minor: $0) }.last {
            Catalog.builtInSchemas.at($0)?.type(of: object.gvk) != nil
        }
        return release.flatMap { Catalog.builtInSchemas.at($0)?.violations(of: object) }?
            .filter { $0.problem != .missing && $0.path.elements.last != .member("clusterName") }
            .map { "\($0.path) \($0.problem)" }
    }
}
