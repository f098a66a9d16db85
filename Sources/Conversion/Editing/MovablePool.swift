import Manifests

/// A member that is gone from its place, with the text that it was written with.
struct Movable {
    var name: String
    var value: JSONValue
    var key: LayoutNode
    var node: LayoutNode
    /// Its lines; nil when it stood in brackets or braces.
    var region: BlockRegion?
    /// How far below a member that is gone as a whole.
    var depth: Int
    var isUsed = false
}

/// The members that are gone, waiting to be taken up where the new value holds the same.
struct MovablePool {
    private(set) var members: [Movable] = []

    mutating func add(
        _ member: LayoutNode.Member, _ name: String, _ value: JSONValue, region: BlockRegion?, depth: Int,
        editor: NodeEditor
    ) {
        members.append(
            Movable(
                name: name, value: value, key: member.key, node: member.value, region: region, depth: depth))
        guard depth < 4, case .mapping(let inner, let isFlow) = member.value.shape, let values = value.object else {
            return
        }
        let regions = isFlow ? [] : editor.regions(of: inner, isRoot: false)
        for (index, member) in inner.enumerated() {
            guard let name = member.name, let value = values[name] else { continue }
            add(member, name, value, region: isFlow ? nil : regions[index], depth: depth + 1, editor: editor)
        }
    }

    /// The member of that name that stands there.
    func index(of key: LayoutNode) -> Int? {
        members.firstIndex { $0.key.range == key.range }
    }

    /// The best one to take up for a new member, marked as used.
    ///
    /// - Parameters:
    ///   - name: of the new member.
    ///   - value: of the new member.
    ///   - preferred: members of the same mapping that the new member is known to have taken in.
    mutating func take(_ name: String, _ value: JSONValue, preferred: Set<Int>) -> Movable? {
        guard let index = find(name, value, preferred) else { return nil }
        let found = members[index]
        members[index].isUsed = true
        return found
    }

    private func find(_ name: String, _ value: JSONValue, _ preferred: Set<Int>) -> Int? {
        func first(_ isPreferred: Bool, _ fits: (Movable) -> Bool) -> Int? {
            members.indices.first {
                !members[$0].isUsed && preferred.contains($0) == isPreferred && fits(members[$0])
            }
        }
        return first(true) { $0.value == value && $0.name == name }
            ?? first(true) { $0.value == value }
            ?? first(true) { MemberPairing.matches($0.value, value) }
            ?? first(true) { MemberPairing.similarity($0.value, value) >= 0.5 }
            ?? first(false) { $0.value == value && $0.name == name }
            ?? first(false) { $0.value == value && $0.value.isFilled }
            ?? first(false) { $0.name == name && MemberPairing.similarity($0.value, value) >= 0.5 }
            ?? first(false) { Self.successors[$0.name] == name }
            ?? first(false) { $0.value == value && (Self.areRelated($0.name, name) || Self.isTelling(value)) }
    }

    /// Annotations whose successors have another name and another type.
    private static let successors = [
        "service.alpha.kubernetes.io/tolerate-unready-endpoints": "publishNotReadyAddresses",
        "scheduler.alpha.kubernetes.io/critical-pod": "priorityClassName",
        "service.kubernetes.io/topology-aware-hints": "service.kubernetes.io/topology-mode",
    ]

    /// `runtimeHandler` and `handler`, `kubernetes.io/ingress.class` and `ingressClassName`.
    private static func areRelated(_ a: String, _ b: String) -> Bool {
        let (a, b) = (bare(a), bare(b))
        return !a.isEmpty && !b.isEmpty
            && (a.hasSuffix(b) || b.hasSuffix(a) || (min(a.count, b.count) > 8 && (a.hasPrefix(b) || b.hasPrefix(a))))
    }

    /// A text that hardly stands in two places by chance.
    private static func isTelling(_ value: JSONValue) -> Bool { (value.string?.utf8.count ?? 0) > 12 }

    /// The letters of a name, of a label's or annotation's without its prefix.
    private static func bare(_ name: String) -> String {
        String((name.split(separator: "/").last ?? "").lowercased().filter(\.isLetter))
    }
}
