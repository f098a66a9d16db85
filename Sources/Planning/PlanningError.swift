public import Manifests

/// Why no plan was made.
///
/// Nothing has been written anywhere when this is thrown.
public struct PlanningError: Error, Sendable, CustomStringConvertible {
    /// What kind of trouble.
    public enum Code: String, Sendable, Hashable {
        /// The migration file cannot be read or does not say what it must.
        case migration
        /// The clusters, their order or their versions do not fit.
        case clusters
        /// Namespaces that no wave names.
        case unassigned
        /// Objects at versions that green does not serve, without a conversion.
        case unservable
        /// Objects on green under the same name that are not ours.
        case collisions
        /// Hazards that someone has to accept first.
        case unacknowledged
        /// Secrets in clear, and no key for their digests.
        case digestKey
    }

    /// One thing to mend.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        public var object: ObjectReference?
        public var location: SourceLocation?
        /// What is wrong.
        public var message: String
        /// What to type or change next.
        public var remedy: String

        public init(object: ObjectReference? = nil, location: SourceLocation? = nil, message: String, remedy: String) {
            self.object = object
            self.location = location
            self.message = message
            self.remedy = remedy
        }

        public var description: String {
            let place = location.map { "\($0): " } ?? ""
            let subject = object.map { "\($0): " } ?? ""
            return "\(place)\(subject)\(message). \(remedy)"
        }
    }

    public var code: Code
    public var message: String
    /// Every single thing to mend, in the order of the objects; never only the first.
    public var problems: [Problem]

    public init(_ code: Code, _ message: String, problems: [Problem]) {
        self.code = code
        self.message = message
        self.problems = problems
    }

    public var description: String {
        ([message] + problems.map { "  \($0)" }).joined(separator: "\n")
    }
}
