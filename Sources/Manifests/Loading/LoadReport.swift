/// Everything that came out of loading, with nothing passed over in silence.
///
/// Invariant: `filesSeen == filesRead + filesSkipped + filesFailed`. What lies in a skipped directory is not seen;
/// the directory is listed instead.
public struct LoadReport: Sendable {
    /// The objects, in the order of the given paths, within a directory by name.
    public internal(set) var objects: [LoadedObject] = []
    /// What was passed over, with a reason each.
    public internal(set) var skipped: [SkippedInput] = []
    /// Files and directories that could not be read to their end.
    ///
    /// Where there are any, a command must not end as if all were well.
    public internal(set) var errors: [ManifestError] = []
    /// Files met, standard input included.
    public internal(set) var filesSeen = 0
    /// Files taken in whole; some of their documents may still be skipped.
    public internal(set) var filesRead = 0
    /// Files that could not be read or parsed; each has an entry in `errors`.
    public internal(set) var filesFailed = 0
    /// YAML documents and JSON values in the files read.
    public internal(set) var documents = 0

    public init() {}

    /// Files passed over as a whole; each has an entry in `skipped`.
    public var filesSkipped: Int { skipped.count { $0.scope == .file } }

    /// How often each reason occurs, by reason.
    public var skippedByReason: [(reason: SkippedInput.Reason, count: Int)] {
        SkippedInput.Reason.allCases.sorted().compactMap { reason in
            let count = skipped.count { $0.reason == reason }
            return count > 0 ? (reason, count) : nil
        }
    }
}
