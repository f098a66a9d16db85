import FoundationEssentials
public import Manifests

/// A migration file as it was read: what it says, and where each thing stands in it.
public struct MigrationFile: Sendable {
    public let migration: Migration
    /// Over the file's content as canonical JSON: comments and layout do not count.
    public let digest: Digest
    private let document: SourceDocument

    /// Reads a file's bytes; every error names file, line and column.
    ///
    /// - Parameters:
    ///   - bytes: YAML, or JSON.
    ///   - file: the name for messages.
    public init(_ bytes: [UInt8], file: String) throws(PlanningError) {
        let documents: [SourceDocument]
        do { documents = try YAML.documents(bytes, file: file) } catch {
            throw Self.error(at: error.location, error.message, remedy: "Mend the file.")
        }
        let filled = documents.filter { !$0.value.isNull }
        guard let document = filled.first, filled.count == 1 else {
            throw Self.error(
                at: filled.dropFirst().first?.start ?? SourceLocation(file: file, line: 1, column: 1),
                "a migration file holds exactly one document, not \(filled.count)",
                remedy: "See docs/schema/migration.example.yaml.")
        }
        var members = document.value
        let header = [("apiVersion", Migration.apiVersion), ("kind", Migration.kind)]
        for (member, expected) in header where members[member]?.string != expected {
            let path = FieldPath([.member(member)])
            throw Self.error(
                at: document.location(of: path), "not a migration file: \(member) is not '\(expected)'",
                remedy: "Begin it with apiVersion: \(Migration.apiVersion) and kind: \(Migration.kind).")
        }
        members["apiVersion"] = nil
        members["kind"] = nil
        // YAML 1.1, which kubectl reads and so do we, takes the bare word `on` for true, also as a key.
        if members["on"] == nil, let hooks = members["true"] {
            members["true"] = nil
            members["on"] = hooks
        }
        do { migration = try PlanCoding.decode(Migration.self, from: members) } catch {
            let trouble = DecodingTrouble(error)
            throw Self.error(
                at: Self.location(of: trouble.path, in: document), trouble.message,
                remedy: "See docs/schema/migration.example.yaml for every field.")
        }
        self.document = document
        digest = Digest(of: document.value)
        let complaints = MigrationCheck.complaints(about: migration)
        guard complaints.isEmpty else {
            throw PlanningError(
                .migration, "\(file) cannot be used:",
                problems: complaints.map { complaint in
                    PlanningError.Problem(
                        location: Self.location(of: complaint.path, in: document),
                        message: "\(complaint.path): \(complaint.message)",
                        remedy: complaint.remedy)
                })
        }
    }

    /// Where the value at `path` stands in the file.
    public func location(of path: FieldPath) -> SourceLocation { Self.location(of: path, in: document) }

    private static func location(of path: FieldPath, in document: SourceDocument) -> SourceLocation {
        guard path.elements.first == .member("on"), document.value["on"] == nil else {
            return document.location(of: path)
        }
        return document.location(of: FieldPath([.member("true")] + path.elements.dropFirst()))
    }

    private static func error(at location: SourceLocation?, _ message: String, remedy: String) -> PlanningError {
        PlanningError(
            .migration, "the migration file cannot be read:",
            problems: [.init(location: location, message: message, remedy: remedy)])
    }
}

/// What a `DecodingError` says, in our words: the place as a field path, and the trouble.
struct DecodingTrouble {
    let path: FieldPath
    let message: String

    init(_ error: any Error) {
        guard let error = error as? DecodingError else {
            path = FieldPath()
            message = "\(error)"
            return
        }
        switch error {
        case .keyNotFound(let key, let context):
            path = Self.path(context.codingPath)
            message =
                "'\(path.elements.isEmpty ? key.stringValue : path.member(key.stringValue).description)' is missing"
        case .typeMismatch(let type, let context):
            path = Self.path(context.codingPath)
            message = "'\(path)' has the wrong type" + (type == String.self ? ": put text in quotes" : "")
        case .valueNotFound(_, let context):
            path = Self.path(context.codingPath)
            message = "'\(path)' is empty"
        case .dataCorrupted(let context):
            path = Self.path(context.codingPath)
            message = path.elements.isEmpty ? context.debugDescription : "'\(path)': \(context.debugDescription)"
        @unknown default:
            path = FieldPath()
            message = "\(error)"
        }
    }

    private static func path(_ codingPath: [any CodingKey]) -> FieldPath {
        FieldPath(codingPath.map { key in key.intValue.map(FieldPath.Element.index) ?? .member(key.stringValue) })
    }
}
