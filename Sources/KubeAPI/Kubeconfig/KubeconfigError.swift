public import Manifests

/// Why a connection could not be had from kubeconfig files.
///
/// Invariant: no text holds a token, password, key or certificate.
public struct KubeconfigError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Code: String, Sendable, Hashable, Codable {
        /// A file that was asked for, or that an entry points to, cannot be read.
        case unreadable
        /// A file is no YAML.
        case syntax
        /// A field has another type or value than it may have.
        case invalid
        /// No context was named and none is current.
        case noContext
        /// There is no context of that name.
        case unknownContext
        /// The context names a cluster or user that no file has.
        case danglingReference
        /// The entry asks for something that cannot be done yet, and that must not be passed over.
        case unsupported
        /// Not inside a cluster.
        case notInCluster
    }

    /// What kind of trouble it is.
    public var code: Code
    /// What is wrong, in words, without the place.
    public var message: String
    /// What the user may type or change next.
    public var remedy: String
    /// Where, if it is about one place in a file.
    public var location: SourceLocation?

    /// An error with these parts.
    public init(_ code: Code, _ message: String, remedy: String = "", at location: SourceLocation? = nil) {
        self.code = code
        self.message = message
        self.remedy = remedy
        self.location = location
    }

    public var description: String {
        let text = location.map { "\($0): \(message)" } ?? message
        return remedy.isEmpty ? text : "\(text); \(remedy)"
    }
}
