import Manifests
import Testing

/// What two contents of a cluster differ in.
enum Difference {
    /// One line per object and leaf field; empty when they are equal.
    static func lines(_ before: [ObjectReference: JSONValue], _ after: [ObjectReference: JSONValue]) -> [String] {
        var lines: [String] = []
        for reference in Set(before.keys).union(after.keys).sorted() {
            switch (before[reference], after[reference]) {
            case (nil, _?): lines.append("\(reference) is new")
            case (_?, nil): lines.append("\(reference) is gone")
            case (let old?, let new?): lines += fields(old, new, []).map { "\(reference) \($0)" }
            case (nil, nil): break
            }
        }
        return lines
    }

    private static func fields(_ old: JSONValue?, _ new: JSONValue?, _ path: [FieldPath.Element]) -> [String] {
        if old == new { return [] }
        // A map that is not there is like an empty one here: what counts are the leaves.
        if let old = old?.object ?? (old == nil ? [:] : nil), let new = new?.object ?? (new == nil ? [:] : nil) {
            let names = Set(old.map(\.key) + new.map(\.key)).sorted()
            return names.flatMap { fields(old[$0], new[$0], path + [.member($0)]) }
        }
        return ["\(FieldPath(path)): \(text(old)) → \(text(new))"]
    }

    static func text(_ value: JSONValue?) -> String { value?.canonicalText ?? "absent" }
}

extension Cluster {
    /// Expects every object of the cluster to be as it was.
    func expectContent(
        _ before: [ObjectReference: JSONValue], sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws {
        let lines = Difference.lines(before, try await content())
        #expect(lines == [], sourceLocation: sourceLocation)
    }

    /// Expects every object that no controller owns to be as it was, but for these changes.
    func expectDeclared(
        _ before: [ObjectReference: JSONValue], but changes: [String] = [],
        sourceLocation: Testing.SourceLocation = #_sourceLocation
    ) async throws {
        let lines = Difference.lines(before, try await declared()).sorted()
        #expect(lines == changes, sourceLocation: sourceLocation)
    }
}
