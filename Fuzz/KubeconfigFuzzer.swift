// Feeds any bytes to the kubeconfig reader.
// fuzz-modules: Manifests HTTP Programs KubeAPI
// fuzz-corpus: kubeconfig

import KubeAPI
import Manifests

/// libFuzzer's entry: reading ends with contexts or an error, and so does resolving each of them; no error shows a
/// secret; nothing traps.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzKubeconfig(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    guard let kubeconfig = try? Kubeconfig(bytes, file: "/nonexistent/config") else { return 0 }
    for name in [nil] + kubeconfig.contexts.map({ $0.name as String? }) {
        do {
            let connection = try kubeconfig.connection(context: name)
            precondition(
                connection.server.hasPrefix("https://") || connection.server.hasPrefix("http://"),
                "a server without a scheme")
            precondition(
                connection.server.hasPrefix("https://") || connection.credential == .none,
                "a credential over an unencrypted connection")
            precondition(
                (connection.tls.clientCertificate == nil) == (connection.tls.clientKey == nil),
                "a certificate without its key")
        } catch {
            precondition(!error.description.isEmpty, "an error without words")
        }
    }
    return 0
}
