import Catalog
public import Manifests

/// What was looked at in a run of checks, in numbers that add up.
public struct CheckAccounting: Sendable, Hashable {
    /// `filesRead + filesSkipped + filesFailed`.
    public var filesSeen = 0
    public var filesRead = 0
    public var filesSkipped = 0
    public var filesFailed = 0
    /// YAML documents and JSON values: `documentsParsed + documentsCleared + documentsFailed`.
    public var documents = 0
    /// Documents that were parsed to their end.
    public var documentsParsed = 0
    /// Documents whose bytes held no word that any check looks for; they were not parsed, and what is wrong with their
    /// syntax was not seen.
    public var documentsCleared = 0
    /// Documents that could not be parsed.
    public var documentsFailed = 0
    /// Objects examined, in the documents that were parsed; a list's items count one by one.
    public var objects = 0
    /// Files, directories and documents passed over, by reason.
    public var skipped: [SkippedInput.Reason: Int] = [:]
    public var errors = 0
    /// Texts among the files that a program rendered.
    public var renderings = 0
    /// Findings left out because the control plane itself makes the object, and makes it anew at the target.
    public var ofControlPlane = 0

    public init() {}

    init(_ report: LoadReport) {
        filesSeen = report.filesSeen
        filesRead = report.filesRead
        filesSkipped = report.filesSkipped
        filesFailed = report.filesFailed
        documents = report.documents
        documentsParsed = report.documentsParsed
        documentsCleared = report.documentsCleared
        documentsFailed = report.documentsFailed
        objects = report.objectCount
        errors = report.errors.count
        for input in report.skipped { skipped[input.reason, default: 0] += 1 }
    }

    /// Adds what was counted elsewhere.
    mutating func add(_ other: CheckAccounting) {
        filesSeen += other.filesSeen
        filesRead += other.filesRead
        filesSkipped += other.filesSkipped
        filesFailed += other.filesFailed
        documents += other.documents
        documentsParsed += other.documentsParsed
        documentsCleared += other.documentsCleared
        documentsFailed += other.documentsFailed
        objects += other.objects
        errors += other.errors
        skipped.merge(other.skipped, uniquingKeysWith: +)
    }

    /// Whether every file seen was read, skipped with a reason, or failed with an error, and every document parsed,
    /// cleared or failed.
    public var addsUp: Bool {
        filesSeen == filesRead + filesSkipped + filesFailed
            && documents == documentsParsed + documentsCleared + documentsFailed
    }
}

/// Which catalog a result rests on: the catalog itself, whose digest is made when somebody wants it, or what was read.
enum CatalogIdentity: Sendable {
    case catalog(Catalog)
    case known(Digest)

    var digest: Digest {
        switch self {
        case .catalog(let catalog): catalog.digest
        case .known(let digest): digest
        }
    }
}

/// Everything a run of checks has to say.
public struct CheckResult: Sendable {
    /// What was examined.
    public enum Source: Sendable, Hashable {
        case manifests
        case cluster(InventoryCluster)
    }

    public var source: Source
    /// The release the objects were held against.
    public var target: KubernetesVersion
    /// The release they live with today, where it was named.
    public var from: KubernetesVersion?
    /// The releases after ``from`` and up to ``target`` that took no API away, by the catalog; empty without a range.
    public var quietReleases: [KubernetesVersion]
    /// The cluster whose own discovery said what is served at the target; nil where the catalog alone said it.
    public var servedBy: String?
    /// The range of releases the catalog knows; outside of it answers rest on announcements.
    public var knownReleases: ClosedRange<KubernetesVersion>
    let catalogIdentity: CatalogIdentity
    /// In the order in which they begin to hurt where a range was named; then by object in the order in which they
    /// were read, then by check.
    public var findings: [Finding]
    public var accounting: CheckAccounting
    /// What was passed over, with reasons.
    public var skipped: [SkippedInput]
    /// What could not be read, with places.
    public var errors: [ManifestError]
    /// What a cluster would not show.
    public var notSeen: [String]

    /// Identifies what the catalog said.
    public var catalogDigest: Digest { catalogIdentity.digest }

    /// Files that hold templates and were not examined for it; they may hold anything.
    public var unrendered: [SkippedInput] { skipped.filter { $0.reason == .template } }

    /// Whether all there was has been examined.
    public var isComplete: Bool { errors.isEmpty && notSeen.isEmpty && unrendered.isEmpty }

    /// How many findings there are of each severity.
    public func count(_ severity: Finding.Severity) -> Int { findings.count { $0.severity == severity } }

    /// The exit status: 0 when nothing was found, 1 when something was, 3 when not everything could be read,
    /// whatever was found in the rest.
    ///
    /// - Parameters:
    ///   - threshold: findings below this severity do not count.
    ///   - acceptingTemplates: unrendered templates count as skipped on purpose.
    public func exitStatus(
        failingOn threshold: Finding.Severity = .warns, acceptingTemplates: Bool = false
    ) -> Int32 {
        if !errors.isEmpty || !notSeen.isEmpty || (!unrendered.isEmpty && !acceptingTemplates) { return 3 }
        return findings.contains { $0.severity >= threshold } ? 1 : 0
    }

    /// Takes over what loading says of itself.
    mutating func take(_ report: LoadReport) {
        skipped = report.skipped
        errors = report.errors
        accounting = CheckAccounting(report)
    }

    /// Adds what loading something else says of itself.
    mutating func add(_ report: LoadReport) {
        skipped += report.skipped
        errors += report.errors
        accounting.add(CheckAccounting(report))
    }

    /// Adds what could not be read for reasons that loading does not know.
    public mutating func add(_ failures: [ManifestError]) {
        errors += failures
        accounting.errors += failures.count
    }

    /// Takes back that something was passed over.
    mutating func removeSkipped(where isMeant: (SkippedInput) -> Bool) {
        for input in skipped where isMeant(input) {
            accounting.skipped[input.reason, default: 1] -= 1
            if accounting.skipped[input.reason] == 0 { accounting.skipped[input.reason] = nil }
        }
        skipped.removeAll(where: isMeant)
    }

    /// Puts the findings into the order in which they begin to hurt, where a range was named.
    mutating func putInOrder() {
        if from != nil { findings = stages.flatMap(\.findings) }
    }
}
