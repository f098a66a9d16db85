public import Manifests

/// What is wrong with a file of suppressions, all of it, each with its place.
public struct SuppressionFileError: Error, Sendable, CustomStringConvertible {
    public let problems: [ManifestError]

    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// Reads files of suppressions; `docs/schema/suppressions.schema.json` is their form.
///
/// Strict: a name that is not known is refused, for a misspelt selector would make a suppression wider than was meant.
public enum SuppressionFile {
    /// Where one is looked for when none is named.
    public static let standardName = ".kirikae.yaml"

    /// Reads one.
    public static func read(_ bytes: [UInt8], file: String) throws(SuppressionFileError) -> [Suppression] {
        let documents: [SourceDocument]
        do { documents = try YAML.documents(bytes, file: file) } catch {
            throw SuppressionFileError(problems: [error])
        }
        var reader = Reader(problems: [])
        var found: [Suppression] = []
        for document in documents where !document.value.isNull {
            reader.document = document
            found += reader.suppressions()
        }
        guard reader.problems.isEmpty else { throw SuppressionFileError(problems: reader.problems) }
        return found
    }

    private struct Reader {
        var problems: [ManifestError]
        var document = SourceDocument(value: .null, start: SourceLocation(file: "", line: 1, column: 1))

        mutating func suppressions() -> [Suppression] {
            guard case .object(let members) = document.value else {
                complain("", "not a mapping with apiVersion, kind and suppressions")
                return []
            }
            expect(members, at: "", names: ["apiVersion", "kind", "suppressions"])
            if members["apiVersion"] != "kirikae.dev/v1" {
                complain("apiVersion", "apiVersion must be kirikae.dev/v1")
            }
            if members["kind"] != "Suppressions" { complain("kind", "kind must be Suppressions") }
            guard let entries = members["suppressions"]?.array else {
                complain("suppressions", "suppressions must be a list")
                return []
            }
            return entries.enumerated().compactMap { entry($0.element, at: FieldPath("suppressions").index($0.offset)) }
        }

        private mutating func entry(_ value: JSONValue, at path: FieldPath) -> Suppression? {
            guard case .object(let members) = value else {
                complain(path, "a suppression is a mapping")
                return nil
            }
            let before = problems.count
            expect(
                members, at: path, names: ["codes", "objects", "paths", "apis", "namespaces", "reason", "until"])
            let reason = members["reason"]?.string?.trimmed ?? ""
            if reason.isEmpty { complain(path.member("reason"), "a suppression needs a reason, in words") }
            let until = members["until"]?.string.flatMap(CalendarDate.init)
            if until == nil {
                complain(path.member("until"), "a suppression needs its last day, until: 2027-01-31")
            }
            var lists: [String: [String]] = [:]
            for name in ["codes", "objects", "paths", "apis", "namespaces"] {
                guard let given = members[name] else { continue }
                let words = given.array?.compactMap(\.string).filter { !$0.isEmpty } ?? []
                if words.isEmpty || words.count != given.array?.count {
                    complain(path.member(name), "\(name) is a list of words, and not empty")
                }
                lists[name] = words
            }
            if lists.isEmpty {
                complain(
                    path, "it suppresses everything: name codes, objects, paths, apis or namespaces")
            }
            guard problems.count == before, let until else { return nil }
            return Suppression(
                .file, codes: lists["codes"] ?? [], objects: lists["objects"] ?? [], paths: lists["paths"] ?? [],
                apis: lists["apis"] ?? [], namespaces: lists["namespaces"] ?? [], reason: reason, until: until,
                location: document.location(of: path))
        }

        private mutating func expect(_ members: JSONObject, at path: FieldPath, names: Set<String>) {
            for name in members.keys where !names.contains(name) {
                complain(
                    path.member(name),
                    "'\(name)' is not known here; known are \(names.sorted().joined(separator: ", "))",
                    atKey: true)
            }
        }

        private mutating func complain(_ path: FieldPath, _ message: String, atKey: Bool = false) {
            let location = atKey ? document.keyLocation(of: path) : document.location(of: path)
            problems.append(ManifestError(.unsupportedValue, message, at: location))
        }
    }
}

extension String {
    /// Without white space at both ends.
    var trimmed: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest.removeFirst() }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }
}
