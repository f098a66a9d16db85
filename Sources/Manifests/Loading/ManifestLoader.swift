/// Loads manifests from files, directories and standard input.
///
/// A path that is named is read whatever it is called; in directories only .yaml, .yml, .json and .jsonl files are.
/// Directories are walked in the order of their names' bytes, links are followed, and nothing is read twice. What a
/// file `.kirikaeignore` excludes, in the form of a `.gitignore`, is passed over.
public struct ManifestLoader: Sendable {
    /// Bounds for each file.
    public var limits: ReaderLimits
    /// Names of directories that are not walked, besides those that begin with a dot.
    public var ignoredDirectories: Set<String>

    /// Whether a kustomization leads to the local resources it names outside of the walk; they are read as they are.
    public var followsKustomizations = false
    /// Files and folders that are passed over because something else takes their place, such as what a program renders.
    public var replaced: [String] = []
    /// Patterns as in `.gitignore`, relative to each path that is walked.
    private var patterns: [IgnorePattern] = []

    public init(limits: ReaderLimits = .standard, ignoredDirectories: Set<String> = []) {
        self.limits = limits
        self.ignoredDirectories = ignoredDirectories
    }

    /// - Parameter patterns: what not to read, as lines of a `.gitignore`, relative to each path that is walked.
    public init(limits: ReaderLimits = .standard, excluding patterns: [String]) {
        self.init(limits: limits)
        self.patterns = patterns.compactMap { IgnorePattern($0) }
    }

    /// What there is to read below the paths, one by one, for those who read it themselves with ``Reader``.
    public func walk(_ paths: [String]) -> ManifestWalk {
        ManifestWalk(
            paths, ignoredDirectories: ignoredDirectories, patterns: patterns,
            followsKustomizations: followsKustomizations, replaced: replaced)
    }

    /// Loads everything below the paths; `-` stands for standard input.
    ///
    /// Never fails as a whole: what cannot be read is in the report's errors.
    ///
    /// - Parameters:
    ///   - paths: files, directories and `-`, in the order in which objects are wanted.
    ///   - standardInput: called once if `-` is among the paths; the process's own standard input if not given.
    public func load(_ paths: [String], standardInput: (() throws -> [UInt8])? = nil) -> LoadReport {
        var walk = walk(paths)
        var reader = Reader(limits: limits)
        var objects: [LoadedObject] = []
        while let found = walk.next() {
            if case .file("-") = found, let standardInput {
                do {
                    reader.read(bytes: try standardInput(), file: "-") { objects += $0.objects }
                } catch {
                    reader.fail(
                        (error as? ManifestError)
                            ?? ManifestError(
                                .unreadable, "cannot read standard input: \(error)",
                                at: SourceLocation(file: "-", line: 1, column: 1)))
                }
            } else {
                reader.read(found) { objects += $0.objects }
            }
        }
        var report = reader.report
        report.objects = objects
        return report
    }

    /// Loads one text as if it were a file of that name.
    public func load(bytes: [UInt8], file: String) -> LoadReport {
        var reader = Reader(limits: limits)
        var objects: [LoadedObject] = []
        reader.read(bytes: bytes, file: file) { objects += $0.objects }
        var report = reader.report
        report.objects = objects
        return report
    }
}

extension ManifestLoader.Reader.Found {
    /// The object that was read in full, if it was one.
    fileprivate var objects: [LoadedObject] {
        if case .object(let object) = self { [object] } else { [] }
    }
}
