import Manifests

extension [CheckReport.Entry] {
    /// What concerns nearly everybody once, at its first object, instead of at every object.
    ///
    /// It comes after suppression, so that what is suppressed for one object still counts for the others.
    func tellingOnceWhatConcernsMany() -> [CheckReport.Entry] {
        var first: [String: Int] = [:]
        var seen: [String: Set<Holder>] = [:]
        var told: [CheckReport.Entry] = []
        for entry in self {
            let finding = entry.finding
            guard entry.state == .counts, !finding.concerned.isEmpty else {
                told.append(entry)
                continue
            }
            let isNew = seen[entry.fingerprint, default: []].insert(
                Holder(object: finding.object, file: finding.location?.file)
            ).inserted
            if let index = first[entry.fingerprint] {
                if isNew { told[index].finding.concerned += finding.concerned }
            } else {
                first[entry.fingerprint] = told.count
                told.append(entry)
            }
        }
        for index in first.values where told[index].finding.concerned.count > 1 {
            let count = told[index].finding.concerned.count
            told[index].finding.message += " So for \(count) objects, of which this is the first."
        }
        return told
    }
}

/// Objects of two files may have the same name.
private struct Holder: Hashable {
    var object: ObjectReference
    var file: String?
}
