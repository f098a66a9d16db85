import Manifests

/// Reads the form that stands at the top of `ecosystem.txt`.
struct EcosystemParser {
    struct Result {
        var apis: [EcosystemAPI] = []
        var tables: [CompatibilityTable] = []
    }

    static func parse(_ text: String, file: String) throws(CatalogError) -> Result {
        var lines = FactLines(text, file: file)
        var result = Result()
        var seen: Set<String> = []
        while var heading = try lines.heading() {
            guard heading.take("project") else { throw heading.error(.syntax, "expected `project NAME`") }
            let name = try heading.word("a project's name")
            try heading.end()
            guard seen.insert(name).inserted else { throw heading.error(.duplicate, "a second block for \(name)") }
            var block = ProjectBlock(name)
            while var line = try lines.fact() {
                try block.read(&line)
                try line.end()
            }
            try block.close(at: heading, into: &result)
        }
        return result
    }
}

/// One project's lines.
private struct ProjectBlock {
    private let name: String
    private var source = ""
    private var apis: [EcosystemAPI] = []
    private var table: CompatibilityTable
    private var lastIsRow = false

    init(_ name: String) {
        self.name = name
        table = CompatibilityTable(
            project: name, meaning: nil, rows: [], ends: [:], oldestFor: [:], shippedWith: [:],
            followsKubernetes: false, remarks: [], source: "")
    }

    mutating func close(
        at heading: FactLines.Line, into result: inout EcosystemParser.Result
    ) throws(CatalogError) {
        if !apis.isEmpty, source.isEmpty {
            throw heading.error(.missingFact, "\(name) needs a line `source`")
        }
        for index in apis.indices { apis[index].source = source }
        result.apis += apis
        let hasTable =
            !table.rows.isEmpty || !table.oldestFor.isEmpty || !table.shippedWith.isEmpty || table.followsKubernetes
        guard hasTable else { return }
        guard !table.source.isEmpty else {
            throw heading.error(.missingFact, "\(name) needs a line `compatibility-source`")
        }
        result.tables.append(table)
    }

    mutating func read(_ line: inout FactLines.Line) throws(CatalogError) {
        let fact = try line.word("a fact")
        switch fact {
        case "source": source = try line.text("a source")
        case "crd":
            apis.append(try api(&line))
            lastIsRow = false
        case "in": try distribution(&line)
        case "note": try note(&line)
        case "compatibility-source": table.source = try line.text("a source")
        case "kind": table.meaning = try line.text("what the lines mean")
        case "runs":
            table.rows.append(try row(&line))
            lastIsRow = true
        case "ends":
            let release = try line.release()
            table.ends[release] = try line.date()
        case "needs":
            let kubernetes = try line.version()
            table.oldestFor[kubernetes] = try line.release()
        case "ships":
            let kubernetes = try line.version()
            table.shippedWith[kubernetes] = try line.release()
        case "rule":
            guard line.take("same-minor") else { throw line.error(.syntax, "the only rule is `same-minor`") }
            table.followsKubernetes = true
        case "remark": table.remarks.append(try line.text("a remark"))
        default: throw line.error(.syntax, "unknown fact `\(fact)`")
        }
    }

    private func api(_ line: inout FactLines.Line) throws(CatalogError) -> EcosystemAPI {
        let gvk = try line.kind()
        guard line.take("introduced") else { throw line.error(.missingFact, "expected `introduced VERSION`") }
        var api = EcosystemAPI(
            project: name, gvk: gvk, introduced: try line.release(), deprecated: nil, removed: nil, dropped: nil,
            replacement: nil, isOnlyLikely: false, inDistribution: nil, notes: [], source: "")
        while let word = line.word() {
            switch word {
            case "deprecated": api.deprecated = try line.release()
            case "removed": api.removed = try line.release()
            case "dropped": api.dropped = try line.release()
            case "likely": api.isOnlyLikely = true
            case "->": api.replacement = try line.kind()
            default: throw line.error(.syntax, "unknown word `\(word)`")
            }
        }
        guard api.deprecated != nil || api.removed != nil else {
            throw line.error(.missingFact, "\(gvk) is neither deprecated nor removed")
        }
        if let removed = api.removed, removed < api.introduced {
            throw line.error(.contradiction, "\(gvk) is removed before it was introduced")
        }
        return api
    }

    private mutating func distribution(_ line: inout FactLines.Line) throws(CatalogError) {
        guard let last = apis.indices.last else { throw line.error(.syntax, "`in` belongs behind a line `crd`") }
        var distribution = EcosystemAPI.Distribution(
            name: try line.word("a distribution's name"), deprecated: nil, removed: nil)
        if line.take("deprecated") { distribution.deprecated = try line.release() }
        if line.take("removed") { distribution.removed = try line.release() }
        apis[last].inDistribution = distribution
    }

    private mutating func note(_ line: inout FactLines.Line) throws(CatalogError) {
        let text = try line.text("a note")
        if lastIsRow, let last = table.rows.indices.last {
            table.rows[last].note = text
        } else if let last = apis.indices.last {
            apis[last].notes.append(text)
        } else {
            throw line.error(.syntax, "`note` belongs behind a line `crd` or `runs`")
        }
    }

    private func row(_ line: inout FactLines.Line) throws(CatalogError) -> CompatibilityTable.Row {
        var row = CompatibilityTable.Row(
            from: nil, through: nil, below: nil, oldest: nil, newest: nil, note: nil)
        let releases = try line.word("releases")
        if releases.hasPrefix(">=") {
            row.from = ReleaseVersion(releases.dropFirst(2))
        } else if releases.hasPrefix("<") {
            row.below = ReleaseVersion(releases.dropFirst())
        } else {
            let ends = releases.split(separator: "-")
            row.from = ends.first.flatMap { ReleaseVersion($0) }
            row.through = ends.last.flatMap { ReleaseVersion($0) }
        }
        guard row.from != nil || row.below != nil, line.take("on") else {
            throw line.error(.syntax, "expected `runs RELEASES on KUBERNETES`")
        }
        let kubernetes = try line.word("Kubernetes minors")
        if kubernetes.hasPrefix(">=") {
            row.oldest = KubernetesVersion(String(kubernetes.dropFirst(2)))
        } else {
            let ends = kubernetes.split(separator: "-").map(String.init)
            row.oldest = ends.first.flatMap { KubernetesVersion($0) }
            row.newest = ends.last.flatMap { KubernetesVersion($0) }
            guard row.newest != nil else { throw line.error(.syntax, "no range of minors: `\(kubernetes)`") }
        }
        guard row.oldest != nil else { throw line.error(.syntax, "no range of minors: `\(kubernetes)`") }
        return row
    }
}

extension FactLines.Line {
    /// The next word as a day, `2026-11-30`.
    mutating func date() throws(CatalogError) -> String {
        let word = try word("a date")
        let parts = word.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.map(\.count) == [4, 2, 2], parts.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else {
            throw error(.syntax, "no date: `\(word)`")
        }
        return word
    }
}
