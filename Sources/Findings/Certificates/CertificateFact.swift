import FoundationEssentials
public import Manifests

/// When a certificate ends, and whose it is: nothing secret.
///
/// Kept beside the objects of an inventory for the Secrets that are redacted there.
public struct CertificateFact: Sendable, Hashable, Comparable {
    /// What somebody uses it for; says which of several in one text counts.
    public enum Role: String, Sendable, Hashable, CaseIterable {
        /// It proves who somebody is, with the chain that leads to its authority: all of them are needed.
        case identity
        /// It says whom to believe: one of them is enough.
        case authority
    }

    /// The object that holds it.
    public var holder: ObjectReference
    public var path: FieldPath
    public var role: Role
    /// The distinguished name, and what else names it.
    public var subject: String
    /// Whoever renews it by himself, such as cert-manager.
    public var renewer: String?
    /// The last moment at which it is good, in seconds since 1970.
    public var end: Int64
    /// Why it could not be read; nil when it could.
    public var problem: String?

    public init(
        holder: ObjectReference, path: FieldPath, role: Role, subject: String, renewer: String? = nil, end: Int64,
        problem: String? = nil
    ) {
        self.holder = holder
        self.path = path
        self.role = role
        self.subject = subject
        self.renewer = renewer
        self.end = end
        self.problem = problem
    }

    /// By holder, place and end.
    public static func < (lhs: CertificateFact, rhs: CertificateFact) -> Bool {
        (lhs.holder, lhs.path.description, lhs.end, lhs.subject)
            < (rhs.holder, rhs.path.description, rhs.end, rhs.subject)
    }

    /// The day it ends, as `2027-03-01`.
    var day: String { String(Date(timeIntervalSince1970: Double(end)).ISO8601Format().prefix(10)) }
}

extension CertificateFact {
    /// The form that `inventory.yaml` holds.
    var json: JSONValue {
        var members: JSONObject = [
            "holder": .string(holder.description), "path": .string(path.description), "role": .string(role.rawValue),
            "subject": .string(subject),
            "notAfter": .string(Date(timeIntervalSince1970: Double(end)).ISO8601Format()),
        ]
        members["renewer"] = renewer.map(JSONValue.string)
        members["problem"] = problem.map(JSONValue.string)
        return .object(members)
    }

    /// Reads the form that `inventory.yaml` holds; nil when it is not one.
    init?(_ json: JSONValue) {
        guard let holder = json["holder"]?.string.flatMap({ ObjectReference($0) }),
            let path = json["path"]?.string.flatMap({ FieldPath($0) }),
            let role = json["role"]?.string.flatMap(Role.init(rawValue:)), let subject = json["subject"]?.string,
            let text = json["notAfter"]?.string, let end = try? Date(text, strategy: .iso8601)
        else { return nil }
        self.init(
            holder: holder, path: path, role: role, subject: subject, renewer: json["renewer"]?.string,
            end: Int64(end.timeIntervalSince1970), problem: json["problem"]?.string)
    }
}
