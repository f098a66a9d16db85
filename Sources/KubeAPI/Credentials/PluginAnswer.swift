import FoundationEssentials
import Manifests

/// What a credential plugin printed.
///
/// Its text form never shows it.
struct PluginAnswer: Sendable, CustomStringConvertible, CustomReflectable {
    /// Goes into the `Authorization` header.
    let token: String?
    /// PEM, with its key.
    let certificate: [UInt8]?
    let key: [UInt8]?
    /// Seconds since 1970; nil: good until the server says otherwise.
    let expires: Int64?

    /// Why an answer is none.
    ///
    /// Holds nothing of the answer but the API version.
    struct Fault: Error {
        let message: String
    }

    init(_ bytes: [UInt8], apiVersion: String) throws(Fault) {
        let json: JSONValue
        do { json = try JSONValue(parsing: bytes) } catch {
            throw Fault(message: bytes.isEmpty ? "it printed nothing" : "what it printed is not JSON")
        }
        guard json["kind"]?.string == "ExecCredential" else {
            throw Fault(message: "what it printed is no ExecCredential")
        }
        guard let said = json["apiVersion"]?.string, said == apiVersion else {
            throw Fault(
                message: "the kubeconfig says \(apiVersion), the plugin answered in "
                    + (json["apiVersion"]?.string?.prefix(80).description ?? "no version"))
        }
        guard let status = json["status"], status.object != nil else {
            throw Fault(message: "its answer has no status")
        }
        func text(_ name: String) -> String? { status[name]?.string.flatMap { $0.isEmpty ? nil : $0 } }
        token = text("token")
        let certificate = text("clientCertificateData")
        let key = text("clientKeyData")
        guard (certificate == nil) == (key == nil) else {
            throw Fault(message: "its answer has only one of certificate and key")
        }
        guard token != nil || certificate != nil else {
            throw Fault(message: "its answer has neither a token nor a certificate")
        }
        if let token, !token.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) {
            throw Fault(message: "its token holds characters that no token has")
        }
        self.certificate = certificate.map { Array($0.utf8) }
        self.key = key.map { Array($0.utf8) }
        guard let time = text("expirationTimestamp") else {
            expires = nil
            return
        }
        guard let date = Self.date(time) else {
            throw Fault(message: "its expirationTimestamp is not a time as RFC 3339 writes it")
        }
        expires = Int64(date.timeIntervalSince1970.rounded(.down))
    }

    private static func date(_ text: String) -> Date? {
        let style = Date.ISO8601FormatStyle(includingFractionalSeconds: text.contains("."))
        return try? style.parse(text)
    }

    var description: String { "a plugin's answer" }
    var customMirror: Mirror { Mirror(self, children: [:]) }
}
