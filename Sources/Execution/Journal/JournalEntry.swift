public import Manifests

/// What one record says, beside the envelope that every record has.
///
/// Built by the functions of ``JournalEntry+Statements.swift`` only, so that each type has one set of fields.
public struct JournalEntry: Sendable, Hashable {
    public var type: RecordType
    public var fields: JSONObject

    /// An entry with exactly these fields.
    init(_ type: RecordType, _ fields: JSONObject = [:]) {
        self.type = type
        self.fields = fields
    }

    /// An entry about one operation.
    init(_ type: RecordType, _ operation: OperationID, _ fields: JSONObject = [:]) {
        self.init(type, fields)
        self.fields["step"] = .string(operation.step)
        switch operation.target {
        case .object(let object): self.fields["object"] = .string(object.description)
        case .route(let route): self.fields["route"] = .string(route)
        case .whole: break
        }
    }

    /// The operation it is about; nil for entries about the run.
    public var operation: OperationID? {
        guard let step = fields["step"]?.string else { return nil }
        if let object = fields["object"]?.string {
            return ObjectReference(object).map { OperationID(step: step, target: .object($0)) }
        }
        if let route = fields["route"]?.string { return OperationID(step: step, target: .route(route)) }
        return OperationID(step: step, target: .whole)
    }

    /// A text field, nil when absent.
    public func text(_ name: String) -> String? { fields[name]?.string }
    /// A number field, nil when absent.
    public func number(_ name: String) -> Int? { fields[name]?.integer.map { Int($0) } }
    /// A digest field, nil when absent or malformed.
    public func digest(_ name: String) -> Digest? { fields[name]?.string.flatMap { Digest($0) } }
    /// A list of texts, empty when absent.
    public func texts(_ name: String) -> [String] { fields[name]?.array?.compactMap(\.string) ?? [] }
}
