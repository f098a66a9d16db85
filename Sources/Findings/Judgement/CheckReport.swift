public import Manifests

/// The result of a run of checks, and which of its findings count.
///
/// Nothing is taken away: suppressed findings and those of the baseline stay, marked, and what the thresholds hide is
/// counted.
public struct CheckReport: Sendable {
    /// Why a finding counts, or does not.
    public enum State: Sendable, Hashable {
        /// It counts.
        case counts
        /// An earlier run knew it.
        case inBaseline
        /// Somebody decided to live with it.
        case suppressed(Suppression)

        /// A stable word for machines.
        public var word: String {
            switch self {
            case .counts: "counts"
            case .inBaseline: "baseline"
            case .suppressed: "suppressed"
            }
        }
    }

    /// One finding with its verdict.
    public struct Entry: Sendable, Hashable {
        public var finding: Finding
        public var fingerprint: String
        public var state: State

        public init(_ finding: Finding, fingerprint: String? = nil, state: State = .counts) {
            self.finding = finding
            self.fingerprint = fingerprint ?? finding.fingerprint
            self.state = state
        }
    }

    /// Something to know about suppressions and baseline, beside the findings.
    public struct Notice: Sendable, Hashable {
        /// What it is about.
        public enum Kind: String, Sendable, Hashable, CaseIterable {
            /// A suppression has ended, and what it covered counts again.
            case expiredSuppression = "expired-suppression"
            /// A suppression meets nothing.
            case unusedSuppression = "unused-suppression"
            /// The baseline knows something that is no longer there.
            case fixedSinceBaseline = "fixed-since-baseline"
        }

        public var kind: Kind
        /// One sentence.
        public var message: String
        public var location: SourceLocation?

        public init(_ kind: Kind, _ message: String, at location: SourceLocation? = nil) {
            self.kind = kind
            self.message = message
            self.location = location
        }
    }

    /// What was examined and how much of it; its findings are those of `entries`.
    public var result: CheckResult
    /// In the order of the result.
    public var entries: [Entry]
    public var notices: [Notice]
    /// Findings below the thresholds of what is shown; they count for nothing.
    public var hidden: Int
    /// The lowest severity that makes the exit status 1.
    public var failOn: Finding.Severity
    /// Whether unrendered templates count as skipped on purpose.
    public var acceptsTemplates: Bool
    /// The exit status: 3 when not everything could be read, whatever was found in the rest; else 1 when a finding
    /// counts that is as bad as `failOn` or worse; else 0.
    public var exitStatus: Int32

    /// Every finding counts.
    public init(_ result: CheckResult) { self = CheckJudge().report(on: result) }

    init(
        result: CheckResult, entries: [Entry], notices: [Notice], hidden: Int, failOn: Finding.Severity,
        acceptsTemplates: Bool
    ) {
        self.result = result
        self.entries = entries
        self.notices = notices
        self.hidden = hidden
        self.failOn = failOn
        self.acceptsTemplates = acceptsTemplates
        let isUnread = result.exitStatus(failingOn: failOn, acceptingTemplates: acceptsTemplates) == 3
        exitStatus =
            isUnread ? 3 : entries.contains { $0.state == .counts && $0.finding.severity >= failOn } ? 1 : 0
    }

    /// For reports that are read back, whose verdict stands.
    public init(
        reading result: CheckResult, entries: [Entry], notices: [Notice], hidden: Int, failOn: Finding.Severity,
        acceptsTemplates: Bool, exitStatus: Int32
    ) {
        self.init(
            result: result, entries: entries, notices: notices, hidden: hidden, failOn: failOn,
            acceptsTemplates: acceptsTemplates)
        self.exitStatus = exitStatus
    }

    /// The findings that count.
    public var counting: [Finding] { entries.filter { $0.state == .counts }.map(\.finding) }

    /// How many findings of a severity count.
    public func count(_ severity: Finding.Severity) -> Int {
        entries.count { $0.state == .counts && $0.finding.severity == severity }
    }

    /// How many findings an earlier run knew.
    public var inBaseline: Int { entries.count { $0.state == .inBaseline } }

    /// How many findings are suppressed.
    public var suppressed: Int {
        entries.count { if case .suppressed = $0.state { true } else { false } }
    }
}
