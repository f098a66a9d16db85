import Manifests

/// The findings of an earlier run, so that only new ones count.
///
/// Entries are counted by fingerprint: a second copy of a known finding is new. Lines, files and messages may change
/// without anything becoming new.
public struct Baseline: Sendable, Hashable {
    /// One known finding, with what tells it to people.
    public struct Entry: Sendable, Hashable {
        public var fingerprint: String
        public var count: Int
        public var code: String
        public var object: String
        /// The file it stood in first; nil for objects of a cluster.
        public var file: String?
    }

    /// What is wrong with a baseline's text.
    public struct Failure: Error, Sendable, CustomStringConvertible {
        public var description: String
    }

    /// Ascending by object, code and fingerprint.
    public let entries: [Entry]

    /// The baseline that knows these findings.
    public init(_ findings: some Sequence<Finding>) {
        var entries: [String: Entry] = [:]
        for finding in findings {
            let fingerprint = finding.fingerprint
            entries[
                fingerprint,
                default: Entry(
                    fingerprint: fingerprint, count: 0, code: finding.code, object: finding.object.description,
                    file: finding.location?.file)
            ].count += 1
        }
        self.init(entries: Array(entries.values))
    }

    private init(entries: [Entry]) {
        self.entries = entries.sorted { ($0.object, $0.code, $0.fingerprint) < ($1.object, $1.code, $1.fingerprint) }
    }

    /// Reads the written form.
    public init(parsing bytes: [UInt8]) throws(Failure) {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch { throw Failure(description: "\(error)") }
        guard value["kind"] == "FindingBaseline" else {
            throw Failure(description: "not a baseline: kind is not FindingBaseline")
        }
        guard value["apiVersion"] == "kirikae.dev/v1" else {
            let version = value["apiVersion"]?.string ?? "none"
            throw Failure(description: "a baseline of version \(version); this kirikae reads kirikae.dev/v1")
        }
        guard let list = value["findings"]?.array else { throw Failure(description: "findings is no list") }
        var entries: [Entry] = []
        for (index, item) in list.enumerated() {
            guard let fingerprint = item["fingerprint"]?.string, let count = item["count"]?.integer, count > 0,
                count < 1 << 31
            else { throw Failure(description: "findings[\(index)] has no fingerprint, or no count above 0") }
            entries.append(
                Entry(
                    fingerprint: fingerprint, count: Int(count), code: item["code"]?.string ?? "",
                    object: item["object"]?.string ?? "", file: item["file"]?.string))
        }
        self.init(entries: entries)
    }

    /// The written form: one line to a finding, so that a change reads well in review.
    public var text: String {
        let lines = entries.map { entry in
            var members: JSONObject = [
                "fingerprint": .string(entry.fingerprint), "count": .integer(Int64(entry.count)),
                "code": .string(entry.code), "object": .string(entry.object),
            ]
            members["file"] = entry.file.map(JSONValue.string)
            return "    " + JSONValue.object(members).canonicalText
        }
        return "{\n  \"apiVersion\": \"kirikae.dev/v1\",\n  \"kind\": \"FindingBaseline\",\n  \"findings\": ["
            + (lines.isEmpty ? "" : "\n" + lines.joined(separator: ",\n") + "\n  ") + "]\n}\n"
    }
}
