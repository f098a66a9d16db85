import Manifests

extension Finding {
    /// Names the finding across runs: 32 hexadecimal digits that stay when lines move, when the file is renamed, when
    /// list elements change places and when the words of the message change.
    ///
    /// Two findings may share one, such as the same object in two overlays; whoever compares runs counts them.
    /// What concerns nearly everybody is named by its fact alone.
    public var fingerprint: String {
        // Told once for all it concerns: which object comes first is chance.
        guard concerned.isEmpty else {
            let parts: [JSONValue] = ["v1", .string(code), .string(place.word), .string(fact ?? "")]
            return String(Digest(of: .array(parts)).hexadecimal.prefix(32))
        }
        let path = path.map { path in
            FieldPath(path.elements.map { if case .index = $0 { .index(0) } else { $0 } }).description
        }
        var parts: [JSONValue] = [
            "v1", .string(code), .string(place.word), .string(object.description), .string(gvk.description),
            .string(path ?? ""), .string(fact ?? ""),
        ]
        // What has no name is told apart by its file.
        if object.name.isEmpty { parts.append(.string(location?.file ?? "")) }
        return String(Digest(of: .array(parts)).hexadecimal.prefix(32))
    }
}
