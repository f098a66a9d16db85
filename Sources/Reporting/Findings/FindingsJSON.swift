public import Findings
import Manifests

/// Findings for programs.
///
/// The names of members are an interface: they are added to, never changed.
public enum FindingsJSON {
    /// One JSON object over several lines, ending in a line feed.
    public static func render(_ result: CheckResult) -> String { json(result).indentedText }

    /// The same as a value.
    static func json(_ result: CheckResult) -> JSONValue {
        var source: JSONObject = [:]
        switch result.source {
        case .manifests: source["kind"] = "manifests"
        case .cluster(let cluster):
            source["kind"] = "cluster"
            source["name"] = .string(cluster.name)
            source["uid"] = cluster.uid.map(JSONValue.string)
            source["version"] = .string(cluster.version.description)
        }
        return [
            "apiVersion": "kirikae.dev/v1", "kind": "FindingList", "target": text(result.target),
            "catalog": [
                "oldest": text(result.knownReleases.lowerBound), "newest": text(result.knownReleases.upperBound),
                "digest": text(result.catalogDigest),
            ],
            "source": .object(source),
            "complete": .bool(result.isComplete),
            "findings": .array(result.findings.map(finding)),
            "accounting": accounting(result),
            "skipped": .array(result.skipped.map(skipped)),
            "errors": .array(result.errors.map(error)),
            "notSeen": .array(result.notSeen.map(JSONValue.string)),
        ]
    }

    private static func finding(_ finding: Finding) -> JSONValue {
        var members: JSONObject = [
            "code": .string(finding.code), "severity": .string(finding.severity.rawValue),
            "apiVersion": .string(finding.gvk.apiVersion), "kind": .string(finding.gvk.kind),
            "place": .string(finding.place.word), "message": .string(finding.message),
            "remedy": .string(finding.remedy),
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
        members["replacement"] = finding.replacement.map {
            ["apiVersion": .string($0.apiVersion), "kind": .string($0.kind)]
        }
        switch finding.place {
        case .managedFields(let manager): members["manager"] = .string(manager)
        case .helmRelease(let name, let revision, let line):
            members["helmRelease"] = [
                "name": .string(name), "revision": .integer(Int64(revision)), "line": .integer(Int64(line)),
            ]
        case .object, .lastApplied, .reference, .template, .server: break
        }
        return .object(members)
    }

    private static func accounting(_ result: CheckResult) -> JSONValue {
        let counts = result.accounting
        let reasons = JSONObject(
            counts.skipped.sorted { $0.key < $1.key }.map {
                (key: $0.key.rawValue, value: JSONValue.integer(Int64($0.value)))
            })
        return [
            "filesSeen": .integer(Int64(counts.filesSeen)), "filesRead": .integer(Int64(counts.filesRead)),
            "filesSkipped": .integer(Int64(counts.filesSkipped)), "filesFailed": .integer(Int64(counts.filesFailed)),
            "documents": .integer(Int64(counts.documents)), "objects": .integer(Int64(counts.objects)),
            "skippedByReason": .object(reasons), "errors": .integer(Int64(counts.errors)),
        ]
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
