public import Manifests

extension Probe {
    /// The places of an object, PodSpec or configuration document at which the probe matches.
    ///
    /// Flags are not fields; whoever finds a component's arguments compares them with ``FlagTest``.
    public func places(in root: JSONValue) -> [FieldPath] {
        guard !scope.steps.isEmpty else { return places(at: (FieldPath(), root), root: root) }
        return scope.places(in: root).flatMap { places(at: $0, root: root) }
    }

    private func places(at node: PathPattern.Place, root: JSONValue) -> [FieldPath] {
        guard let first = tests.first else { return [node.path] }
        let places = first.places(from: node, root: root)
        guard !places.isEmpty, tests.dropFirst().allSatisfy({ !$0.places(from: node, root: root).isEmpty }),
            exceptions.allSatisfy({ $0.places(from: node, root: root).isEmpty })
        else { return [] }
        return places
    }
}

extension FieldTest {
    /// Where the statement is true; for what is missing, the nearest place that is there.
    func places(from node: PathPattern.Place, root: JSONValue) -> [FieldPath] {
        let base: PathPattern.Place = path.isAbsolute ? (FieldPath(), root) : node
        func found(_ isTrue: (JSONValue) -> Bool) -> [FieldPath] {
            guard path.exists(in: base.value) else { return [] }
            return path.places(in: base.value, at: base.path).filter { isTrue($0.value) }.map(\.path)
        }
        var nearest: FieldPath { FieldPath(base.path.elements + path.nearest(in: base.value).elements) }
        switch condition {
        case .present: return found { !$0.isNull }
        case .absent:
            return path.places(in: base.value).allSatisfy { $0.value.scalarText?.isEmpty ?? false } ? [nearest] : []
        case .equals(let values): return found { $0.scalarText.map(values.contains) ?? false }
        case .differs(let values): return found { $0.scalarText.map { !values.contains($0) } ?? false }
        case .lacks(let values):
            let places = path.places(in: base.value, at: base.path)
            guard !places.contains(where: { $0.value.scalarText.map(values.contains) ?? false }) else { return [] }
            return [places.first?.path ?? nearest]
        case .matches(let pattern): return found { $0.string.map(pattern.matches) ?? false }
        case .mismatches(let pattern):
            return found { $0.string.map { !$0.holdsPlaceholder && !pattern.matches($0) } ?? false }
        case .hasKey(let names):
            return path.places(in: base.value, at: base.path).flatMap { place in
                names.filter { place.value[$0] != nil }.map { place.path.member($0) }
            }
        case .hasKeyPrefix(let prefix):
            return path.places(in: base.value, at: base.path).flatMap { place in
                (place.value.object ?? [:]).filter { $0.key.hasPrefix(prefix) }.map { place.path.member($0.key) }
            }
        case .atMost(let bound):
            let places = path.places(in: base.value, at: base.path)
            guard let place = places.first else { return [nearest] }
            return place.value.integer.map { $0 <= bound } ?? place.value.isNull ? [place.path] : []
        case .holds(let word):
            return found { $0.string.map { $0.split(separator: ",").contains { $0 == word } } ?? false }
        case .isNotAmong(let other):
            let known = Set(other.places(in: root).map(\.value))
            return found { !known.contains($0) }
        case .without(let name): return found { $0.object.map { $0[name] == nil } ?? false }
        case .hasHostBits: return found { $0.string.map(CIDR.hasHostBits) ?? false }
        }
    }
}

extension String {
    /// Whether some tool has yet to put the real text in: what it will be is not known.
    fileprivate var holdsPlaceholder: Bool { ["{{", "${", "$("].contains { contains($0) } }
}

extension JSONValue {
    /// A scalar as facts write it; nil for lists and maps.
    package var scalarText: String? {
        switch self {
        case .null: ""
        case .bool(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .double(let value): String(value)
        case .string(let value): value
        case .array, .object: nil
        }
    }
}

/// Networks in their written form.
enum CIDR {
    /// Whether an IPv4 network has bits set behind its prefix, which a strict server refuses.
    static func hasHostBits(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let length = UInt32(parts[1]), length <= 32 else { return false }
        let octets = parts[0].split(separator: ".", omittingEmptySubsequences: false).compactMap { UInt32($0) }
        guard octets.count == 4, octets.allSatisfy({ $0 < 256 }) else { return false }
        let address = octets.reduce(0) { $0 << 8 | $1 }
        return length < 32 && address & (UInt32.max >> length) != 0
    }
}
