/// Everything that came out of loading, with nothing passed over in silence.
///
/// Invariant: `filesSeen == filesRead + filesSkipped + filesFailed`. What lies in a skipped directory is not seen;
/// the directory is listed instead.
public struct LoadReport: Sendable {
    /// The objects, in the order of the given paths, within a directory by name.
    ///
    /// Empty where they were handed on one by one while loading.
    public internal(set) var objects: [LoadedObject] = []
    /// What was passed over, with a reason each.
    public internal(set) var skipped: [SkippedInput] = []
    /// Files, documents and directories that could not be read to their end.
    ///
    /// Where there are any, a command must not end as if all were well.
    public internal(set) var errors: [ManifestError] = []
    /// Files met, standard input included.
    public internal(set) var filesSeen = 0
    /// Files taken in whole; some of their documents may still be skipped, or cleared by a filter.
    public internal(set) var filesRead = 0
    /// Files of which at least a part could not be read or parsed; each has an entry in `errors`.
    public internal(set) var filesFailed = 0
    /// YAML documents and JSON values that are not empty: `documentsParsed + documentsCleared + documentsFailed`.
    public internal(set) var documents = 0
    /// Documents whose bytes said that there is nothing to find in them, so that they were not parsed.
    public internal(set) var documentsCleared = 0
    /// Documents that could not be parsed; the others of their file still were.
    public internal(set) var documentsFailed = 0
    /// Objects found, whether they were kept in `objects` or handed on.
    public internal(set) var objectCount = 0

    public init() {}

    /// Documents that were parsed to their end.
    public var documentsParsed: Int { documents - documentsCleared - documentsFailed }

    /// Files passed over as a whole; each has an entry in `skipped`.
    public var filesSkipped: Int { skipped.count { $0.scope == .file } }

    /// How often each reason occurs, by reason.
    public var skippedByReason: [(reason: SkippedInput.Reason, count: Int)] {
        SkippedInput.Reason.allCases.sorted().compactMap { reason in
            let count = skipped.count { $0.reason == reason }
            return count > 0 ? (reason, count) : nil
        }
    }

    /// Adds what came out of loading something else, behind what is here already.
    public mutating func append(_ other: LoadReport) {
        objects += other.objects
        skipped += other.skipped
        errors += other.errors
        filesSeen += other.filesSeen
        filesRead += other.filesRead
        filesFailed += other.filesFailed
        documents += other.documents
        documentsCleared += other.documentsCleared
        documentsFailed += other.documentsFailed
        objectCount += other.objectCount
    }
}
