import Conversion
import FoundationEssentials
import Manifests

/// Converts files one after the other and keeps what a person has to be told.
struct FileConversions: Sendable {
    /// A file that would change, or was changed.
    struct Changed: Sendable {
        var file: String
        var conversion: FileConversion
    }

    let conversion: ManifestConversion
    private(set) var filesRead = 0
    private(set) var objectsConverted = 0
    private(set) var changed: [Changed] = []
    private(set) var left: [FileConversion.Left] = []
    /// PodSecurityPolicies with the roles and bindings that say who uses them.
    private(set) var podSecurity: [KubeObject] = []
    /// Templates and other files that are no plain manifests.
    private(set) var skipped: [SkippedInput] = []
    private(set) var errors: [ManifestError] = []
    /// What standard input became, or was where nothing changed; nil when it was not read.
    private(set) var standardInput: [UInt8]?

    init(_ conversion: ManifestConversion) { self.conversion = conversion }

    /// Converts everything below the paths, on all cores; nothing is written.
    ///
    /// The order of everything is that of the walk, however the work was shared out.
    mutating func read(_ paths: [String]) async throws {
        let entries = ManifestFiles.entries(paths)
        let standardInput = paths.contains("-") ? try StandardInput.read() : []
        let starts = Array(stride(from: 0, to: entries.count, by: Self.filesPerBatch))
        let conversion = conversion
        let patches = ManifestFiles.patches(namedIn: entries)
        let batches = await withTaskGroup(of: (Int, FileConversions).self) { group in
            for start in starts {
                let batch = entries[start..<min(start + Self.filesPerBatch, entries.count)]
                group.addTask {
                    var part = FileConversions(conversion)
                    for entry in batch { part.take(entry, standardInput: standardInput, patches: patches) }
                    return (start, part)
                }
            }
            var parts: [Int: FileConversions] = [:]
            for await (start, part) in group { parts[start] = part }
            return parts
        }
        for start in starts { if let part = batches[start] { append(part) } }
    }

    private static let filesPerBatch = 32

    private mutating func take(_ entry: ManifestFiles.Entry, standardInput: [UInt8], patches: Set<String>) {
        switch entry {
        case .skipped(let input): skipped.append(input)
        case .failed(let error): errors.append(error)
        case .file("-"): convert(standardInput, file: "-")
        case .file(let path):
            guard let data = FileManager.default.contents(atPath: path) else {
                errors.append(
                    ManifestError(.unreadable, "cannot read", at: SourceLocation(file: path, line: 1, column: 1)))
                return
            }
            convert(Array(data), file: path, isPatch: patches.contains(ManifestFiles.resolved(path)))
        }
    }

    private mutating func append(_ part: FileConversions) {
        filesRead += part.filesRead
        objectsConverted += part.objectsConverted
        changed += part.changed
        left += part.left
        podSecurity += part.podSecurity
        skipped += part.skipped
        errors += part.errors
        standardInput = part.standardInput ?? standardInput
    }

    /// Converts one text as if it were a file of that name.
    mutating func convert(_ bytes: [UInt8], file: String, isPatch: Bool = false) {
        do {
            let source = try ManifestSource(bytes: bytes, file: file)
            filesRead += 1
            let result = conversion.convert(source, isPatch: isPatch)
            if file == "-" { standardInput = result.bytes }
            left += result.left
            podSecurity += result.podSecurity
            objectsConverted += result.converted.count
            if result.isChanged { changed.append(Changed(file: file, conversion: result)) }
        } catch {
            if file == "-" { standardInput = bytes }
            if [.syntax, .unsupportedValue].contains(error.code), ManifestSource.holdsTemplate(bytes) {
                skipped.append(
                    SkippedInput(path: file, scope: .file, reason: .template, detail: error.description))
                left += conversion.versionsLeft(inTemplate: bytes, file: file)
            } else {
                errors.append(error)
            }
        }
    }
}
