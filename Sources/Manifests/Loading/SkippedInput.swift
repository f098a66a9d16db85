/// Something that was seen and deliberately not taken as an object.
public struct SkippedInput: Sendable, Hashable, Codable, CustomStringConvertible {
    /// What the entry stands for.
    public enum Scope: String, Sendable, Hashable, Codable {
        /// A directory with everything in it.
        case directory
        /// A whole file.
        case file
        /// A document, or an item of a list, in a file that was read.
        case document
    }

    /// Why it was passed over.
    ///
    /// The raw values are part of the output's format.
    public enum Reason: String, Sendable, Hashable, Codable, CaseIterable, Comparable {
        /// A directory whose name begins with a dot, such as `.git`.
        case hiddenDirectory = "hidden-directory"
        /// A directory that the caller excluded by name.
        case ignoredDirectory = "ignored-directory"
        /// A file or directory that a pattern of the caller or of an ignore file excludes.
        case excluded
        /// A resource that a kustomization names by an address; it was not fetched.
        case remote
        /// A template or resource of which a program rendered the manifests; those were read in its place.
        case rendered
        /// A file whose name does not end in .yaml, .yml, .json or .jsonl.
        case otherExtension = "other-extension"
        /// A socket, pipe or device found in a directory.
        case specialFile = "special-file"
        /// A file or directory that another path or link led to before.
        case alreadyRead = "already-read"
        /// A file without any document.
        case empty
        /// A file of Go templates, which becomes YAML only when a tool such as Helm renders it.
        case template
        /// Well-formed, but without `apiVersion` and `kind`: Helm values, kustomizations without a kind, and so on.
        case notAnObject = "not-an-object"

        public static func < (lhs: Self, rhs: Self) -> Bool { lhs.rawValue < rhs.rawValue }
    }

    public var path: String
    public var scope: Scope
    public var reason: Reason
    /// Where in the file; nil for files and directories as a whole.
    public var location: SourceLocation?
    /// More about it for people, such as which member is missing.
    public var detail: String?

    public init(
        path: String, scope: Scope, reason: Reason, location: SourceLocation? = nil, detail: String? = nil
    ) {
        self.path = path
        self.scope = scope
        self.reason = reason
        self.location = location
        self.detail = detail
    }

    public var description: String {
        "\(location?.description ?? path): skipped (\(reason.rawValue))" + (detail.map { ": \($0)" } ?? "")
    }
}
