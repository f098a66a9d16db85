import Catalog
import FoundationEssentials
import Manifests
import Testing

/// What real API servers said about themselves, recorded beside the project; absent from a user's clone.
enum Recordings {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "shared/recordings")

    static var present: Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: "1.20.2/01-discovery.jsonl").path)
    }

    /// `apps/v1 Deployment deployments namespaced` for every top-level resource of a server.
    static func resources(of release: String) throws -> Set<String> {
        let text = try String(
            contentsOf: folder.appending(path: "\(release)/01-discovery.jsonl"), encoding: .utf8)
        var lines: Set<String> = []
        for line in text.split(separator: "\n") {
            let body = try JSONValue(parsing: String(line))["response"]?["body"]
            guard body?["kind"]?.string == "APIResourceList", let groupVersion = body?["groupVersion"]?.string
            else { continue }
            for resource in body?["resources"]?.array ?? [] {
                guard let name = resource["name"]?.string, !name.contains("/"), let kind = resource["kind"]?.string
                else { continue }
                let scope = resource["namespaced"]?.bool == true ? "namespaced" : "cluster"
                lines.insert("\(groupVersion) \(kind) \(name) \(scope)")
            }
        }
        return lines
    }
}

@Suite("The catalog beside recorded servers", .enabled(if: Recordings.present, "no ../shared/recordings"))
struct RecordedDiscoveryTests {
    /// Every difference to each recorded release.
    ///
    /// There is none: names, scopes and versions agree to the last one.
    static let known: [String: (onlyRecorded: Set<String>, onlyCatalog: Set<String>)] = [
        "1.20.2": ([], []),
        "1.25.10": ([], []),
        "1.36.3": ([], []),
    ]

    @Test("serves what the recorded server serves, but for the differences listed", arguments: known.keys.sorted())
    func agrees(_ release: String) throws {
        let recorded = try Recordings.resources(of: release)
        #expect(recorded.count > 50, "the recording holds whole resource lists")
        let version = try #require(KubernetesVersion(release))
        let catalog = Set(
            Catalog.builtIn.served(at: version).filter { !$0.resource.contains("/") }.map {
                "\($0.gvk) \($0.resource) \($0.namespaced ? "namespaced" : "cluster")"
            })
        let known = try #require(Self.known[release])
        #expect(recorded.subtracting(catalog).sorted() == known.onlyRecorded.sorted())
        #expect(catalog.subtracting(recorded).sorted() == known.onlyCatalog.sorted())
    }
}
