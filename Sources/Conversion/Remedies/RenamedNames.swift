import Manifests

/// Labels, annotations and their likes that go by another name: as the name of a member or as a value.
///
/// Where the new name is there already, the old one goes if both say the same, and stays if they do not.
struct RenamedNames: Remedy {
    let names: [String: String]

    init(_ names: [String: String]) { self.names = names }

    func mend(_ place: FieldPath, in work: inout Mending) {
        if let old = place.lastName, let new = names[old] { return rename(place, to: new, in: &work) }
        guard let old = work.text(at: place), let new = names[old], let member = place.lastName else { return }
        // Lists of terms and constraints refuse two entries for one key.
        let entry = place.parent
        let siblings = work.object[entry.parent]?.array ?? []
        guard !siblings.contains(where: { $0[member]?.string == new }) else { return }
        work.object[place] = .string(new)
    }

    private func rename(_ place: FieldPath, to new: String, in work: inout Mending) {
        guard let value = work.object[place] else { return }
        let other = place.parent.member(new)
        if let there = work.object[other], there != value { return }
        work.object[place] = nil
        work.object[other] = value
    }
}

/// A value that changes its beginning: the registry of an image.
struct RenamedPrefix: Remedy {
    let prefixes: [(old: String, new: String)]

    func mend(_ place: FieldPath, in work: inout Mending) {
        guard let text = work.text(at: place), let found = prefixes.first(where: { text.hasPrefix($0.old) }) else {
            return
        }
        work.object[place] = .string(found.new + text.dropFirst(found.old.count))
    }
}

/// A member that has no meaning any more and goes.
struct Dropped: Remedy {
    /// Only where it holds one of these; anything when nil.
    var values: Set<String>?

    func mend(_ place: FieldPath, in work: inout Mending) {
        if let values, work.text(at: place).map({ !values.contains($0) }) ?? true { return }
        if case .index? = place.elements.last { return }
        work.drop(place)
    }
}
