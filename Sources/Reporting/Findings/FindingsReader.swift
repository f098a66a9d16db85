public import Findings
import Manifests

/// Reads back what ``FindingsJSON`` wrote, so that a kept result can be shown in any form.
public enum FindingsReader {
    /// Why a text is not such a result.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        public var description: String
    }

    /// Reads one; members it does not know are passed over, for later versions may add some.
    public static func read(_ bytes: [UInt8]) throws(Failure) -> CheckReport {
        let root: JSONValue
        do { root = try JSONValue(parsing: bytes) } catch { throw Failure(description: "\(error)") }
        return try Node(value: root, path: FieldPath()).report()
    }

    /// A value and where it stands, for messages.
    private struct Node {
        var value: JSONValue
        var path: FieldPath

        func report() throws(Failure) -> CheckReport {
            guard value["kind"] == "FindingList", value["apiVersion"] == "kirikae.dev/v1" else {
                throw Failure(description: "not the result of kirikae check -o json (FindingList of kirikae.dev/v1)")
            }
            let target = try version("target")
            let catalog = try member("catalog")
            let oldest = try catalog.version("oldest")
            let newest = try catalog.version("newest")
            guard oldest <= newest else { throw catalog.failure("ends before it begins") }
            let entries = try list("findings") { node throws(Failure) in try node.entry() }
            var result = CheckResult(
                source: try member("source").source(), target: target,
                from: value["from"] == nil ? nil : try version("from"), knownReleases: oldest...newest,
                catalogDigest: try catalog.digest("digest"))
            result.findings = entries.map(\.finding)
            result.servedBy = value["servedBy"]?.string
            if value["quietReleases"] != nil {
                result.quietReleases = try list("quietReleases") { node throws(Failure) in
                    guard let version = KubernetesVersion(try node.text()) else { throw node.failure("is no version") }
                    return version
                }
            }
            result.accounting = try member("accounting").accounting()
            result.skipped = try list("skipped") { node throws(Failure) in try node.skipped() }
            result.errors = try list("errors") { node throws(Failure) in try node.error() }
            result.notSeen = try list("notSeen") { node throws(Failure) in try node.text() }
            return CheckReport(
                reading: result, entries: entries,
                notices: value["notices"] == nil
                    ? [] : try list("notices") { node throws(Failure) in try node.notice() },
                hidden: Int(value["summary"]?["hidden"]?.integer ?? 0),
                failOn: value["failOn"] == nil ? .warns : try word("failOn"),
                acceptsTemplates: value["acceptTemplates"]?.bool ?? false,
                exitStatus: Int32(clamping: value["exitCode"]?.integer ?? 0))
        }

        private func entry() throws(Failure) -> CheckReport.Entry {
            let object = try member("object")
            let reference = ObjectReference(
                kind: GroupKind(group: try object.text("group"), kind: try object.text("kind")),
                namespace: object.value["namespace"]?.string, name: try object.text("name"))
            var finding = Finding(
                code: try text("code"), severity: try word("severity"),
                confidence: value["confidence"] == nil ? .certain : try word("confidence"),
                consequence: value["consequence"] == nil ? nil : try word("consequence"), object: reference,
                gvk: GroupVersionKind(apiVersion: try text("apiVersion"), kind: try text("kind")),
                place: try place(), message: try text("message"), remedy: try text("remedy"),
                isConvertible: value["convertible"]?.bool ?? false, fact: value["fact"]?.string)
            finding.concerned = (value["concerned"]?.array ?? []).compactMap(\.string)
            finding.path = value["path"]?.string.flatMap(FieldPath.init)
            if value["location"] != nil { finding.location = try member("location").location() }
            if value["rendered"] != nil {
                let rendered = try member("rendered")
                finding.rendering = Finding.Rendering(
                    program: try rendered.text("by"), folder: try rendered.text("folder"),
                    source: rendered.value["source"]?.string, line: try rendered.number("line"))
            }
            if value["since"] != nil { finding.since = try version("since") }
            if value["replacement"] != nil {
                let replacement = try member("replacement")
                finding.replacement = GroupVersionKind(
                    apiVersion: try replacement.text("apiVersion"), kind: try replacement.text("kind"))
            }
            var state = CheckReport.State.counts
            switch value["state"]?.string ?? "counts" {
            case "counts": break
            case "baseline": state = .inBaseline
            case "suppressed": state = .suppressed(try member("suppression").suppression())
            case let other: throw failure("state '\(other)' is not known")
            }
            return CheckReport.Entry(finding, fingerprint: value["fingerprint"]?.string, state: state)
        }

        private func place() throws(Failure) -> Finding.Place {
            switch try text("place") {
            case "object": return .object
            case "last-applied": return .lastApplied
            case "managed-fields": return .managedFields(manager: try text("manager"))
            case "helm-release":
                let release = try member("helmRelease")
                return .helmRelease(
                    name: try release.text("name"), revision: try release.number("revision"),
                    line: try release.number("line"))
            case "reference": return .reference
            case "template": return .template
            case "server": return .server
            case let other: throw failure("place '\(other)' is not known")
            }
        }

        private func suppression() throws(Failure) -> Suppression {
            guard let until = CalendarDate(try text("until")) else { throw failure("until is no day") }
            func words(_ name: String) -> [String] { value[name]?.array?.compactMap(\.string) ?? [] }
            return Suppression(
                try word("origin"), codes: words("codes"), objects: words("objects"), paths: words("paths"),
                apis: words("apis"), namespaces: words("namespaces"), reason: try text("reason"), until: until,
                location: value["location"] == nil ? nil : try member("location").location())
        }

        private func notice() throws(Failure) -> CheckReport.Notice {
            CheckReport.Notice(
                try word("kind"), try text("message"),
                at: value["location"] == nil ? nil : try member("location").location())
        }

        private func source() throws(Failure) -> CheckResult.Source {
            guard try text("kind") == "cluster" else { return .manifests }
            return .cluster(
                InventoryCluster(
                    name: try text("name"), uid: value["uid"]?.string, version: try version("version")))
        }

        private func accounting() throws(Failure) -> CheckAccounting {
            var counts = CheckAccounting()
            counts.filesSeen = try number("filesSeen")
            counts.filesRead = try number("filesRead")
            counts.filesSkipped = try number("filesSkipped")
            counts.filesFailed = try number("filesFailed")
            counts.documents = try number("documents")
            // Results of before these were told say nothing of them.
            counts.documentsCleared = Int(value["documentsCleared"]?.integer ?? 0)
            counts.documentsFailed = Int(value["documentsFailed"]?.integer ?? 0)
            counts.documentsParsed = counts.documents - counts.documentsCleared - counts.documentsFailed
            counts.objects = try number("objects")
            counts.errors = try number("errors")
            counts.renderings = Int(value["renderings"]?.integer ?? 0)
            for (name, count) in value["skippedByReason"]?.object ?? [:] {
                guard let reason = SkippedInput.Reason(rawValue: name), let count = count.integer else {
                    throw failure("skippedByReason '\(name)' is not known")
                }
                counts.skipped[reason] = Int(count)
            }
            return counts
        }

        private func skipped() throws(Failure) -> SkippedInput {
            SkippedInput(
                path: try text("path"), scope: try word("scope"), reason: try word("reason"),
                location: value["location"] == nil ? nil : try member("location").location(),
                detail: value["detail"]?.string)
        }

        private func error() throws(Failure) -> ManifestError {
            ManifestError(
                try word("code"), try text("message"),
                at: value["location"] == nil ? nil : try member("location").location())
        }

        private func location() throws(Failure) -> SourceLocation {
            SourceLocation(file: try text("file"), line: try number("line"), column: try number("column"))
        }

        // MARK: Members

        private func member(_ name: String) throws(Failure) -> Node {
            guard let found = value[name], found.object != nil else { throw failure("\(name) is missing") }
            return Node(value: found, path: path.member(name))
        }

        private func list<Element>(
            _ name: String, _ read: (Node) throws(Failure) -> Element
        ) throws(Failure) -> [Element] {
            guard let elements = value[name]?.array else { throw failure("\(name) is no list") }
            var found: [Element] = []
            found.reserveCapacity(elements.count)
            for (index, element) in elements.enumerated() {
                found.append(try read(Node(value: element, path: path.member(name).index(index))))
            }
            return found
        }

        private func text() throws(Failure) -> String {
            guard let text = value.string else { throw failure("is no string") }
            return text
        }

        private func text(_ name: String) throws(Failure) -> String {
            guard let text = value[name]?.string else { throw failure("\(name) is missing") }
            return text
        }

        private func number(_ name: String) throws(Failure) -> Int {
            guard let number = value[name]?.integer else { throw failure("\(name) is no number") }
            return Int(number)
        }

        private func version(_ name: String) throws(Failure) -> KubernetesVersion {
            guard let version = KubernetesVersion(try text(name)) else { throw failure("\(name) is no version") }
            return version
        }

        private func digest(_ name: String) throws(Failure) -> Digest {
            guard let digest = Digest(try text(name)) else { throw failure("\(name) is no digest") }
            return digest
        }

        private func word<Word: RawRepresentable>(_ name: String) throws(Failure) -> Word
        where Word.RawValue == String {
            let text = try text(name)
            guard let word = Word(rawValue: text) else { throw failure("\(name) '\(text)' is not known") }
            return word
        }

        private func failure(_ message: String) -> Failure {
            Failure(description: path.elements.isEmpty ? message : "\(path): \(message)")
        }
    }
}
