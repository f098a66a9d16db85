public import Findings
import Manifests

/// Findings for programs; `docs/schema/findings.schema.json` is the form.
///
/// The names of members are an interface: they are added to, never changed.
public enum FindingsJSON {
    /// One JSON object over several lines, ending in a line feed.
    public static func render(_ report: CheckReport) -> String { json(report).indentedText }

    /// The same as a value.
    static func json(_ report: CheckReport) -> JSONValue {
        let result = report.result
        var members: JSONObject = [
            "apiVersion": "kirikae.dev/v1", "kind": "FindingList", "target": text(result.target),
            "catalog": [
                "oldest": text(result.knownReleases.lowerBound), "newest": text(result.knownReleases.upperBound),
                "digest": text(result.catalogDigest),
            ],
            "source": source(result.source),
            "complete": .bool(result.isComplete),
            "failOn": .string(report.failOn.rawValue),
            "acceptTemplates": .bool(report.acceptsTemplates),
            "exitCode": .integer(Int64(report.exitStatus)),
            "summary": summary(report),
            "findings": .array(report.entries.map { finding($0, target: result.target) }),
            "notices": .array(report.notices.map(notice)),
            "accounting": accounting(result),
            "skipped": .array(result.skipped.map(skipped)),
            "errors": .array(result.errors.map(error)),
            "notSeen": .array(result.notSeen.map(JSONValue.string)),
        ]
        members["from"] = result.from.map(text)
        if result.from != nil { members["quietReleases"] = .array(result.quietReleases.map(text)) }
        members["servedBy"] = result.servedBy.map(JSONValue.string)
        return .object(members)
    }

    private static func source(_ source: CheckResult.Source) -> JSONValue {
        switch source {
        case .manifests: return ["kind": "manifests"]
        case .cluster(let cluster):
            var members: JSONObject = [
                "kind": "cluster", "name": .string(cluster.name), "version": text(cluster.version),
            ]
            members["uid"] = cluster.uid.map(JSONValue.string)
            return .object(members)
        }
    }

    private static func summary(_ report: CheckReport) -> JSONValue {
        var counts: JSONObject = [:]
        for severity in Finding.Severity.allCases {
            counts[severity.rawValue] = .integer(Int64(report.count(severity)))
        }
        counts["suppressed"] = .integer(Int64(report.suppressed))
        counts["baseline"] = .integer(Int64(report.inBaseline))
        counts["hidden"] = .integer(Int64(report.hidden))
        return .object(counts)
    }

    private static func finding(_ entry: CheckReport.Entry, target: KubernetesVersion) -> JSONValue {
        let finding = entry.finding
        var members: JSONObject = [
            "code": .string(finding.code), "severity": .string(finding.severity.rawValue),
            "confidence": .string(finding.confidence.rawValue), "consequence": .string(finding.consequence.rawValue),
            "apiVersion": .string(finding.gvk.apiVersion), "kind": .string(finding.gvk.kind),
            "place": .string(finding.place.word), "message": .string(finding.message),
            "remedy": .string(finding.remedy), "convertible": .bool(finding.isConvertible),
            "fingerprint": .string(entry.fingerprint), "state": .string(entry.state.word),
        ]
        var object: JSONObject = [
            "reference": text(finding.object), "kind": .string(finding.object.kind.kind),
            "group": .string(finding.object.kind.group), "name": .string(finding.object.name),
        ]
        object["namespace"] = finding.object.namespace.map(JSONValue.string)
        members["object"] = .object(object)
        members["path"] = finding.path.map(text)
        members["since"] = finding.since.map(text)
        members["location"] = finding.location.map(location)
        members["fact"] = finding.fact.map(JSONValue.string)
        if finding.concerned.count > 1 { members["concerned"] = .array(finding.concerned.map(JSONValue.string)) }
        members["fix"] = ConvertCommand.line(for: finding, target: target).map(JSONValue.string)
        members["replacement"] = finding.replacement.map {
            ["apiVersion": .string($0.apiVersion), "kind": .string($0.kind)]
        }
        members["rendered"] = finding.rendering.map(rendering)
        switch finding.place {
        case .managedFields(let manager): members["manager"] = .string(manager)
        case .helmRelease(let name, let revision, let line):
            members["helmRelease"] = [
                "name": .string(name), "revision": .integer(Int64(revision)), "line": .integer(Int64(line)),
            ]
        case .object, .lastApplied, .reference, .template, .server: break
        }
        if case .suppressed(let suppression) = entry.state { members["suppression"] = json(suppression) }
        return .object(members)
    }

    private static func rendering(_ rendering: Finding.Rendering) -> JSONValue {
        var members: JSONObject = [
            "by": .string(rendering.program), "folder": .string(rendering.folder),
            "line": .integer(Int64(rendering.line)),
        ]
        members["source"] = rendering.source.map(JSONValue.string)
        return .object(members)
    }

    private static func json(_ suppression: Suppression) -> JSONValue {
        var members: JSONObject = [
            "origin": .string(suppression.origin.rawValue), "reason": .string(suppression.reason),
            "until": text(suppression.until),
        ]
        for (name, words) in [
            ("codes", suppression.codes), ("objects", suppression.objects), ("paths", suppression.paths),
            ("apis", suppression.apis), ("namespaces", suppression.namespaces),
        ] where !words.isEmpty {
            members[name] = .array(words.map(JSONValue.string))
        }
        members["location"] = suppression.location.map(location)
        return .object(members)
    }

    private static func notice(_ notice: CheckReport.Notice) -> JSONValue {
        var members: JSONObject = ["kind": .string(notice.kind.rawValue), "message": .string(notice.message)]
        members["location"] = notice.location.map(location)
        return .object(members)
    }

    private static func accounting(_ result: CheckResult) -> JSONValue {
        let counts = result.accounting
        let reasons = JSONObject(
            counts.skipped.sorted { $0.key < $1.key }.map {
                (key: $0.key.rawValue, value: JSONValue.integer(Int64($0.value)))
            })
        var members: JSONObject = [
            "filesSeen": .integer(Int64(counts.filesSeen)), "filesRead": .integer(Int64(counts.filesRead)),
            "filesSkipped": .integer(Int64(counts.filesSkipped)), "filesFailed": .integer(Int64(counts.filesFailed)),
            "documents": .integer(Int64(counts.documents)),
            "documentsParsed": .integer(Int64(counts.documentsParsed)),
            "documentsCleared": .integer(Int64(counts.documentsCleared)),
            "documentsFailed": .integer(Int64(counts.documentsFailed)), "objects": .integer(Int64(counts.objects)),
            "skippedByReason": .object(reasons), "errors": .integer(Int64(counts.errors)),
        ]
        if counts.renderings > 0 { members["renderings"] = .integer(Int64(counts.renderings)) }
        return .object(members)
    }

    private static func skipped(_ input: SkippedInput) -> JSONValue {
        var members: JSONObject = [
            "path": .string(input.path), "scope": .string(input.scope.rawValue),
            "reason": .string(input.reason.rawValue),
        ]
        members["location"] = input.location.map(location)
        members["detail"] = input.detail.map(JSONValue.string)
        return .object(members)
    }

    private static func error(_ error: ManifestError) -> JSONValue {
        var members: JSONObject = ["code": .string(error.code.rawValue), "message": .string(error.message)]
        members["location"] = error.location.map(location)
        return .object(members)
    }

    private static func location(_ location: SourceLocation) -> JSONValue {
        [
            "file": .string(location.file), "line": .integer(Int64(location.line)),
            "column": .integer(Int64(location.column)),
        ]
    }

    private static func text(_ value: some CustomStringConvertible) -> JSONValue { .string(value.description) }
}
