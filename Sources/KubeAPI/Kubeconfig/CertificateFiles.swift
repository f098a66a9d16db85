import Glibc
import Synchronization

/// The certificates and the key of a connection as they stand now.
///
/// Those that come from files are looked at again for every request, as kubelet's and cert-manager's certificates are
/// renewed in place; a plugin's certificate is taken as the plugin last gave it. While a file is missing or half written
/// the last good ones stay.
public final class CertificateFiles: Sendable {
    /// What a file looked like when it was read.
    private struct Stamp: Hashable {
        var inode: UInt64
        var size: Int64
        var seconds: Int
        var nanoseconds: Int

        init?(_ path: String) {
            var status = stat()
            guard stat(path, &status) == 0 else { return nil }
            inode = UInt64(status.st_ino)
            size = Int64(status.st_size)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }

    private struct State {
        var tls: ClusterConnection.TLS
        var stamps: [String: Stamp]
    }

    private let state: Mutex<State>
    private let plugin: PluginCredential?

    /// The connection's certificates, as they were read with the kubeconfig.
    public init(_ tls: ClusterConnection.TLS, plugin: PluginCredential? = nil) {
        // Stamps are taken at the first look: a file that changed since the kubeconfig was read is read once more.
        state = Mutex(State(tls: tls, stamps: [:]))
        self.plugin = plugin
    }

    /// The certificates now.
    public func current() -> ClusterConnection.TLS {
        var tls = state.withLock { state in
            let files = state.tls.files
            renew(&state, [(files.certificateAuthority, \.certificateAuthority)])
            // A key belongs to its certificate: both change together.
            renew(&state, [(files.clientCertificate, \.clientCertificate), (files.clientKey, \.clientKey)])
            return state.tls
        }
        if let given = plugin?.certificate {
            tls.clientCertificate = given.certificate
            tls.clientKey = given.key
        }
        return tls
    }

    private func renew(
        _ state: inout State, _ parts: [(file: String?, part: WritableKeyPath<ClusterConnection.TLS, [UInt8]?>)]
    ) {
        let files = parts.compactMap { part in part.file.map { ($0, part.part) } }
        let stamps = files.map { Stamp($0.0) }
        let isChanged = zip(files, stamps).contains { $1 != nil && $1 != state.stamps[$0.0] }
        guard isChanged, !stamps.contains(nil) else { return }
        var read: [[UInt8]] = []
        for (path, _) in files {
            guard let bytes = try? FileContent.read(path), Self.isWhole(bytes) else { return }
            read.append(bytes)
        }
        // Written while we read: the next request looks again.
        guard files.map({ Stamp($0.0) }) == stamps else { return }
        for (index, (path, part)) in files.enumerated() {
            state.tls[keyPath: part] = read[index]
            state.stamps[path] = stamps[index]
        }
    }

    /// A PEM file that has its last line.
    private static func isWhole(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.contains("-----BEGIN ") && text.split(separator: "\n").last?.hasPrefix("-----END ") == true
    }
}
