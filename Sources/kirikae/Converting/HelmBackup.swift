import FoundationEssentials
import Manifests

/// The releases as they were before they were rewritten, in a file that only its owner can read: they hold values.
struct HelmBackup {
    /// One release's object.
    struct Entry {
        /// As it was.
        var original: KubeObject
        /// Over `data.release` as we wrote it: what stands there now must be ours to be taken back.
        var written: Digest
    }

    /// UID of the cluster's `kube-system`, so that a backup is never played back into another cluster.
    var cluster: String
    var entries: [Entry]

    private static let format = 1

    func write(to path: String) throws {
        let json: JSONValue = [
            "format": .integer(Int64(Self.format)), "kind": "HelmReleaseBackup", "cluster": .string(cluster),
            "releases": .array(
                entries.map { ["original": $0.original.json, "written": .string($0.written.description)] }),
        ]
        guard !FileManager.default.fileExists(atPath: path) else {
            throw CommandFailure(.usage, "\(path) exists already", next: "Name another file with --backup.")
        }
        let made = FileManager.default.createFile(
            atPath: path, contents: Data(json.indentedText.utf8), attributes: [.posixPermissions: 0o600])
        guard made else { throw CommandFailure(.usage, "cannot write the backup \(path)") }
    }

    static func read(_ path: String) throws -> HelmBackup {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw CommandFailure(.usage, "cannot read \(path)")
        }
        let json: JSONValue
        do { json = try JSONValue(parsing: Array(data)) } catch {
            throw CommandFailure(.usage, "\(path): \(error)")
        }
        guard json["kind"]?.string == "HelmReleaseBackup", let cluster = json["cluster"]?.string,
            let releases = json["releases"]?.array
        else { throw CommandFailure(.usage, "\(path) is no backup of Helm releases") }
        guard json["format"]?.integer == Int64(format) else {
            throw CommandFailure(.usage, "\(path) has a format this kirikae does not know")
        }
        let entries = try releases.map { release in
            guard let object = release["original"].flatMap({ KubeObject($0) }),
                let digest = release["written"]?.string.flatMap({ Digest($0) })
            else { throw CommandFailure(.usage, "\(path) is damaged") }
            return Entry(original: object, written: digest)
        }
        return HelmBackup(cluster: cluster, entries: entries)
    }

    /// Over what stands in `data.release`.
    static func digest(of object: KubeObject) -> Digest { .sha256(Array((object["data.release"]?.string ?? "").utf8)) }
}
