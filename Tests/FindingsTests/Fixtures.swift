import Findings
import FoundationEssentials
import Manifests

/// Where tests find what they read.
enum Fixtures {
    /// The top of the source tree.
    static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Public manifests beside the project; absent from a user's clone.
    static let corpus = root.deletingLastPathComponent().appending(path: "shared/corpus").path

    static var hasCorpus: Bool { FileManager.default.fileExists(atPath: corpus) }

    static func path(_ name: String) -> String { root.appending(path: "fixtures/manifests/\(name)").path }

    static func load(_ name: String) -> LoadReport { ManifestLoader().load([path(name)]) }

    /// The lines of a file that end in `# <- MARK`.
    static func lines(of name: String, marked mark: String) throws -> [Int] {
        let text = try String(contentsOfFile: path(name), encoding: .utf8)
        return text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().compactMap {
            $0.element.hasSuffix("# <- \(mark)") ? $0.offset + 1 : nil
        }
    }

    /// Objects of a text, as an inventory of a cluster at that minor.
    static func inventory(_ yaml: String, minor: Int = 24) -> Inventory {
        inventory(ManifestLoader().load(bytes: Array(yaml.utf8), file: "test.yaml"), minor: minor)
    }

    static func inventory(_ report: LoadReport, minor: Int = 24) -> Inventory {
        InventorySource.manifests(
            report, cluster: InventoryCluster(name: "blue", uid: "b", version: KubernetesVersion(minor: minor)),
            takenAt: "2026-11-20T08:00:00Z")
    }
}
