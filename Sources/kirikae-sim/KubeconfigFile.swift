import ArgumentParser
import Glibc
import Manifests

/// A kubeconfig with one context for a simulated cluster.
struct KubeconfigFile {
    var clusterName: String
    var server: String

    /// The file's text.
    var text: String {
        let name = JSONValue.string(clusterName)
        return YAML.text([
            "apiVersion": "v1", "kind": "Config", "current-context": name,
            "clusters": [["name": name, "cluster": ["server": .string(server)]]],
            "contexts": [["name": name, "context": ["cluster": name, "user": name]]],
            "users": [["name": name, "user": [:]]],
        ])
    }

    /// Writes it so that a reader sees the old file or the whole new one, readable by its owner only.
    func write(to path: String) throws {
        let temporary = "\(path).\(getpid()).tmp"
        let file = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw failure("cannot create \(temporary)") }
        let bytes = Array(text.utf8)
        let written = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
        let synced = fsync(file) == 0
        close(file)
        guard written == bytes.count, synced, rename(temporary, path) == 0 else {
            let error = failure("cannot write \(path)")
            unlink(temporary)
            throw error
        }
    }

    private func failure(_ what: String) -> ValidationError {
        ValidationError("--kubeconfig-out: \(what): \(String(cString: strerror(errno)))")
    }
}
