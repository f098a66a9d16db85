import Catalog
public import Manifests

extension CheckRun {
    /// What becomes of documents in which no check looks for anything; the findings are the same each way.
    public enum Thoroughness: Sendable, CaseIterable {
        /// They are cleared by a scan over their bytes; what is wrong with their syntax goes unseen.
        case scanning
        /// They are parsed, so that what is wrong with them is told, and no objects are made of them.
        case parsing
        /// Objects are made of them and every check looks at them.
        case building
    }

    /// Which documents a scan over the bytes may clear without parsing them; nil when some check has to see everything.
    public var documentFilter: DocumentFilter? {
        let need = checks.reduce(CheckNeed.anyOf([])) { $0.union($1.need(in: context)) }
        return need.clauses.flatMap { DocumentFilter(anyOf: $0) }
    }

    /// Examines manifests as they are read, on all cores.
    ///
    /// Keeps findings and what could not be read, never the objects: memory grows with trouble, not with files. The
    /// order of everything is that of the walk, however the work was shared out.
    ///
    /// - Parameters:
    ///   - loader: how to walk and read.
    ///   - paths: files, directories and `-` for standard input.
    ///   - thoroughness: what becomes of documents that no check looks for anything in.
    public func run(
        _ loader: ManifestLoader, _ paths: [String], _ thoroughness: Thoroughness = .scanning
    ) async -> CheckResult {
        let filter = thoroughness == .building ? nil : documentFilter
        let parsesAll = thoroughness != .scanning
        let capabilities = context.capabilities
        var result = empty(.manifests)
        var report = LoadReport()
        var walk = loader.walk(paths)
        var done: [Int: Batch] = [:]
        var (begun, taken, running) = (0, 0, 0)
        await withTaskGroup(of: Batch.self) { group in
            while true {
                // Batches that wait for an earlier one to be done are bounded as well.
                while running < Self.tasks, begun - taken < Self.batchesAhead, let found = Self.some(of: &walk) {
                    let index = begun
                    group.addTask {
                        var reader = ManifestLoader.Reader(
                            limits: loader.limits, filter: filter, parsesAll: parsesAll, capabilities: capabilities)
                        return examine(found, index: index, with: &reader)
                    }
                    begun += 1
                    running += 1
                }
                guard running > 0, let batch = await group.next() else { break }
                running -= 1
                done[batch.index] = batch
                while let next = done.removeValue(forKey: taken) {
                    result.findings += next.findings
                    report.append(next.report)
                    taken += 1
                }
            }
        }
        result.take(report)
        result.putInOrder()
        return result
    }

    /// What came of a few files that follow one another.
    private struct Batch: Sendable {
        var index: Int
        var findings: [Finding] = []
        var report = LoadReport()
    }

    private static let tasks = 16
    private static let batchesAhead = 64
    private static let filesPerBatch = 24

    private static func some(of walk: inout ManifestWalk) -> [ManifestWalk.Found]? {
        var found: [ManifestWalk.Found] = []
        while found.count < filesPerBatch, let next = walk.next() { found.append(next) }
        return found.isEmpty ? nil : found
    }

    private func examine(
        _ found: [ManifestWalk.Found], index: Int, with reader: inout ManifestLoader.Reader
    ) -> Batch {
        var batch = Batch(index: index)
        for one in found {
            reader.read(one) { batch.findings += findings(in: $0) }
        }
        batch.report = reader.report
        return batch
    }

    private func findings(in found: ManifestLoader.Reader.Found) -> [Finding] {
        switch found {
        case .object(let loaded): findings(in: subject(loaded))
        case .literal(let literal): findings(in: literal)
        }
    }

    /// What is wrong with an object of which only the head can be read.
    ///
    /// Only what is said of its kind and version counts: a check that misses a field would be missing what is there.
    func findings(in literal: LiteralObject) -> [Finding] {
        let object = KubeObject(literal.gvk, namespace: literal.namespace, name: literal.name)
        let heads: [FieldPath: SourceLocation] = ["apiVersion": literal.apiVersion, "kind": literal.kind]
        return findings(in: CheckSubject(object, locate: { heads[$0] })).compactMap { finding in
            guard finding.location != nil, finding.place == .object else { return nil }
            var finding = finding
            finding.confidence = min(finding.confidence, .likely)
            if literal.isTemplate { finding.place = .template }
            // What cannot be read whole is not edited.
            finding.isConvertible = false
            return finding
        }
    }

    /// Examines one text as if it were a file of that name.
    ///
    /// - Parameter filter: ``documentFilter``, for those who examine many texts and made it before.
    public func run(
        text: [UInt8], file: String, _ thoroughness: Thoroughness = .scanning, filter: DocumentFilter? = nil
    ) -> CheckResult {
        var result = empty(.manifests)
        var reader = ManifestLoader.Reader(
            filter: thoroughness == .building ? nil : filter ?? documentFilter,
            parsesAll: thoroughness != .scanning,
            capabilities: context.capabilities)
        reader.read(bytes: text, file: file) { result.findings += findings(in: $0) }
        result.take(reader.report)
        result.putInOrder()
        return result
    }
}

extension CheckContext {
    /// What templates that ask for the cluster's capabilities are told.
    package var capabilities: TemplateCapabilities {
        TemplateCapabilities(version: target) { apiVersion, kind in
            if let kind {
                let gvk = GroupVersionKind(apiVersion: apiVersion, kind: kind)
                if let served, let isServed = served.serves(gvk) { return isServed }
                if catalog.lifecycle(of: gvk) != nil { return catalog.isServed(gvk, at: target) }
            }
            let group = GroupVersionKind(apiVersion: apiVersion, kind: "").group
            guard catalog.isBuiltIn(group: group) else { return nil }
            return kind == nil && catalog.served(at: target).contains { $0.gvk.apiVersion == apiVersion }
        }
    }
}
