/// Loads manifests from files, directories and standard input.
///
/// A path that is named is read whatever it is called; in directories only .yaml, .yml, .json and .jsonl files are.
/// Directories are walked in the order of their names' bytes, links are followed, and nothing is read twice.
public struct ManifestLoader: Sendable {
    /// Bounds for each file.
    public var limits: ReaderLimits
    /// Names of directories that are not walked, besides those that begin with a dot.
    public var ignoredDirectories: Set<String>

    public init(limits: ReaderLimits = .standard, ignoredDirectories: Set<String> = []) {
        self.limits = limits
        self.ignoredDirectories = ignoredDirectories
    }

    /// Loads everything below the paths; `-` stands for standard input.
    ///
    /// Never fails as a whole: what cannot be read is in the report's errors.
    ///
    /// - Parameters:
    ///   - paths: files, directories and `-`, in the order in which objects are wanted.
    ///   - standardInput: called once if `-` is among the paths; the process's own standard input if not given.
    public func load(_ paths: [String], standardInput: (() throws -> [UInt8])? = nil) -> LoadReport {
        var walk = ManifestWalk(ignoredDirectories: ignoredDirectories)
        var report = LoadReport()
        var standardInputIsRead = false
        for path in paths {
            if path == "-" {
                guard !standardInputIsRead else { continue }
                standardInputIsRead = true
                take(standardInput, into: &report)
                continue
            }
            walk.visit(path) { found in
                switch found {
                case .file(let path): take(file: path, into: &report)
                case .skipped(let input):
                    if input.scope == .file { report.filesSeen += 1 }
                    report.skipped.append(input)
                case .failed(let error, let isFile):
                    if isFile {
                        report.filesSeen += 1
                        report.filesFailed += 1
                    }
                    report.errors.append(error)
                }
            }
        }
        return report
    }

    /// Loads one text as if it were a file of that name.
    public func load(bytes: [UInt8], file: String) -> LoadReport {
        var report = LoadReport()
        take(bytes, file: file, into: &report)
        return report
    }

    private func take(_ standardInput: (() throws -> [UInt8])?, into report: inout LoadReport) {
        do {
            let bytes = try standardInput?() ?? Disk.readStandardInput(limit: limits.bytes)
            take(bytes, file: "-", into: &report)
        } catch {
            fail(
                (error as? ManifestError)
                    ?? ManifestError(
                        .unreadable, "cannot read standard input: \(error)",
                        at: SourceLocation(file: "-", line: 1, column: 1)),
                into: &report)
        }
    }

    private func take(file: String, into report: inout LoadReport) {
        do {
            take(try Disk.read(file, limit: limits.bytes), file: file, into: &report)
        } catch {
            fail(error, into: &report)
        }
    }

    private func fail(_ error: ManifestError, into report: inout LoadReport) {
        report.filesSeen += 1
        report.filesFailed += 1
        report.errors.append(error)
    }

    private func take(_ bytes: [UInt8], file: String, into report: inout LoadReport) {
        let documents: [SourceDocument]
        do {
            documents = try ManifestText.documents(bytes, file: file, limits: limits)
        } catch {
            // Only what does not parse is taken for a template: `{{` also stands in strings of good manifests.
            if [.syntax, .unsupportedValue].contains(error.code), ManifestText.holdsTemplate(bytes) {
                report.filesSeen += 1
                report.skipped.append(
                    SkippedInput(path: file, scope: .file, reason: .template, detail: error.description))
            } else {
                fail(error, into: &report)
            }
            return
        }
        report.filesSeen += 1
        if documents.allSatisfy(\.value.isNull) {
            report.skipped.append(SkippedInput(path: file, scope: .file, reason: .empty))
            return
        }
        report.filesRead += 1
        for document in documents where !document.value.isNull {
            report.documents += 1
            var flattening = ListFlattening(document: document, file: file)
            flattening.add(document.value, at: FieldPath())
            report.objects += flattening.objects
            report.skipped += flattening.skipped
        }
    }
}
