import Catalog
import Manifests

/// What a change of behaviour means at the target: it has happened, or its end was announced.
struct FactVerdict {
    let change: BehaviourChange
    let severity: Finding.Severity
    let consequence: Finding.Consequence
    let since: KubernetesVersion
    /// It has not happened yet at the target.
    let isAnnounced: Bool

    /// Nil when it says nothing to somebody who goes from `from` to the target.
    ///
    /// What changed at or before `from` is not news: the object lives with it. Only what is refused stays a finding,
    /// because such a manifest cannot have been applied, at the release of today or at the target.
    init?(_ change: BehaviourChange, context: CheckContext) {
        self.change = change
        if context.target >= change.since {
            if change.concernsOnlyCrossing, context.from.map({ $0 >= change.since }) ?? true { return nil }
            severity =
                switch change.severity {
                case .breaks, .breaksWithoutDriver: .breaks
                case .degrades, .warns: .warns
                case .info: .info
                }
            consequence = Finding.Consequence(change.consequence)
            since = change.since
            isAnnounced = false
        } else {
            guard let deprecated = change.deprecated, context.target >= deprecated, !change.concernsOnlyCrossing,
                [.breaks, .breaksWithoutDriver, .degrades].contains(change.severity)
            else { return nil }
            severity = .warns
            consequence = .nothingYet
            since = deprecated
            isAnnounced = true
        }
        guard context.isNews(since, consequence) else { return nil }
    }

    /// What is the matter, beginning with what it is about.
    func message(about what: String) -> String {
        guard isAnnounced else { return "\(what): \(change.happens) (since \(since))." }
        return "\(what) is deprecated since \(since); from \(change.since) on: \(change.happens)."
    }

    /// Whom a finding about an object concerns, where the change concerns nearly everybody.
    func concerned(_ subject: CheckSubject) -> [String] {
        change.concernsOnlyCrossing ? [subject.object.reference.description] : []
    }

    /// What to do, as a sentence.
    var remedy: String {
        let text = change.remedy
        let end = text.hasSuffix(".") ? "" : "."
        // A field's path, a flag or a name is written as it is, at the beginning of a sentence too.
        let first = text.prefix { !$0.isWhitespace }
        guard first.allSatisfy({ $0.isLetter && $0.isLowercase }) else { return text + end }
        return text.prefix(1).uppercased() + text.dropFirst() + end
    }

    /// How sure a match of a probe is.
    func confidence(_ probe: Probe) -> Finding.Confidence {
        if probe.isOnlyPossible { return .possible }
        switch change.confidence {
        case .certain: return .certain
        case .likely: return .likely
        case .possible: return .possible
        }
    }

    /// How bad a match of a probe is: one step less where something else is as likely.
    func severity(_ probe: Probe) -> Finding.Severity {
        guard probe.isOnlyPossible else { return severity }
        return severity == .breaks ? .warns : .info
    }
}

extension CheckContext {
    /// Whether a change tells something to who lives at ``from`` today.
    func isNews(_ since: KubernetesVersion, _ consequence: Finding.Consequence) -> Bool {
        guard let from, since <= from else { return true }
        return consequence == .refused
    }
}

extension Finding.Consequence {
    init(_ consequence: BehaviourChange.Consequence) {
        switch consequence {
        case .refused: self = .refused
        case .ignored: self = .ignored
        case .pruned: self = .pruned
        case .behavesDifferently: self = .behavesDifferently
        case .breaksLater: self = .breaksLater
        case .nothingYet: self = .nothingYet
        }
    }
}

extension CheckSubject {
    /// Whether the object was read from a server, which fills in fields that nobody wrote.
    var isFromServer: Bool {
        object["metadata.uid"] != nil || object["metadata.resourceVersion"] != nil
    }
}

extension [Finding] {
    /// As they stand in the file; those without a place stay where they are among each other.
    var sortedByPlace: [Finding] {
        enumerated().sorted { a, b in
            guard let left = a.element.location, let right = b.element.location, left != right else {
                return a.offset < b.offset
            }
            return left < right
        }.map(\.element)
    }
}
