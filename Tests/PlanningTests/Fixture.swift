import Manifests
import Testing

/// Objects written as people write them.
enum Fixture {
    /// All documents of a YAML text.
    static func objects(_ yaml: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> [KubeObject] {
        try YAML.documents(Array(yaml.utf8), file: "fixture").map {
            try #require(KubeObject($0.value), sourceLocation: sourceLocation)
        }
    }

    /// The only document of a YAML text.
    static func object(_ yaml: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> KubeObject {
        try #require(try objects(yaml).first, sourceLocation: sourceLocation)
    }

    typealias SourceLocation = Testing.SourceLocation
}
