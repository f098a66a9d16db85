import FoundationEssentials
package import Manifests

/// Turns the plan's documents into JSON values and back.
///
/// The typed side is `Codable`; the bytes are always the canonical writer's, so that digests do not depend on an
/// encoder's habits.
package enum PlanCoding {
    /// The JSON value of a document.
    package static func json(_ document: some Encodable) throws -> JSONValue {
        try JSONValue(parsing: Array(try JSONEncoder().encode(document)))
    }

    /// The document that a JSON value describes.
    ///
    /// Throws `DecodingError`, whose coding path is a ``FieldPath``, and refuses members that the type does not know: a
    /// misspelt field must not be ignored in silence.
    package static func decode<Document: Codable>(_ type: Document.Type, from json: JSONValue) throws -> Document {
        let document = try JSONDecoder().decode(type, from: Data(json.canonicalBytes))
        if let path = unknownMember(in: json, comparedWith: try Self.json(document), at: FieldPath()) {
            throw DecodingError.dataCorrupted(
                .init(codingPath: path.elements.map(Place.init), debugDescription: "unknown field"))
        }
        return document
    }

    private static func unknownMember(
        in given: JSONValue, comparedWith known: JSONValue, at path: FieldPath
    )
        -> FieldPath?
    {
        switch (given, known) {
        case (.object(let given), .object(let known)):
            for member in given {
                let place = path.member(member.key)
                guard let counterpart = known[member.key] else {
                    if member.value.isNull || isEmpty(member.value) { continue }
                    return place
                }
                if let found = unknownMember(in: member.value, comparedWith: counterpart, at: place) { return found }
            }
        case (.array(let given), .array(let known)):
            for (index, pair) in zip(given, known).enumerated() {
                if let found = unknownMember(in: pair.0, comparedWith: pair.1, at: path.index(index)) { return found }
            }
        default: break
        }
        return nil
    }

    /// One element of a field path as part of a coding path.
    private struct Place: CodingKey {
        let stringValue: String
        let intValue: Int?

        init(_ element: FieldPath.Element) {
            switch element {
            case .member(let name): (stringValue, intValue) = (name, nil)
            case .index(let index): (stringValue, intValue) = ("\(index)", index)
            }
        }

        init?(stringValue: String) { (self.stringValue, intValue) = (stringValue, nil) }
        init?(intValue: Int) { (stringValue, self.intValue) = ("\(intValue)", intValue) }
    }

    private static func isEmpty(_ value: JSONValue) -> Bool {
        switch value {
        case .array(let elements): elements.isEmpty
        case .object(let members): members.isEmpty
        default: false
        }
    }
}
