import Conversion
import FoundationEssentials
import Manifests
import Testing

/// What real servers answered when one object was read at several versions, if the recordings are at hand.
private enum Recordings {
    static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "../../../shared/recordings")
    static let minors = ["1.20.2", "1.25.10", "1.36.3"]

    static var present: Bool {
        FileManager.default.fileExists(atPath: file(minors[0]).path)
    }

    static func file(_ minor: String) -> URL { folder.appending(path: "\(minor)/03-conversion.jsonl") }

    /// Per stored object, one reading per version.
    static func readings(_ minor: String) throws -> [[KubeObject]] {
        var groups: [[KubeObject]] = []
        for line in try Data(contentsOf: file(minor)).split(separator: UInt8(ascii: "\n")) {
            let entry = try JSONValue(parsing: Array(line))
            let method = entry["request"]?["method"]?.string
            if method != "GET" { groups.append([]) }
            guard method == "GET", entry["response"]?["status"] == 200,
                let object = entry["response"]?["body"].flatMap(KubeObject.init), !groups.isEmpty
            else { continue }
            groups[groups.count - 1].append(object)
        }
        return groups.filter { $0.count > 1 }
    }
}

@Suite("Recorded conversions", .enabled(if: Recordings.present, "the recordings are not at hand"))
struct RecordedConversionTests {
    @Test("One object read at two versions: ours is what the server made of it", arguments: Recordings.minors)
    func asTheServerReads(_ minor: String) throws {
        var compared: [String: Int] = [:]
        var notYet: Set<String> = []
        for group in try Recordings.readings(minor) {
            for source in group {
                for expected in group where expected.gvk != source.gvk && expected.name == source.name {
                    guard ConversionRegistry.builtIn.canConvert(from: source.gvk, to: expected.gvk) else {
                        notYet.insert(source.gvk.kind)
                        continue
                    }
                    let result = try ConversionRegistry.builtIn.convert(source, to: expected.gvk, for: .reading)
                    // v1 does not keep the place of the cpu metric. 1.20 and 1.25 store v1, so that every version
                    // shows it last; 1.36 stores v2, which remembers.
                    let anyOrder = minor == "1.36.3" && source.gvk.apiVersion == "autoscaling/v1"
                    #expect(
                        comparable(result.object, sortingMetrics: anyOrder)
                            == comparable(expected, sortingMetrics: anyOrder),
                        "\(minor) \(source.gvk) \(source.name) as \(expected.gvk)")
                    compared[source.gvk.kind, default: 0] += 1
                }
            }
        }
        #expect(notYet.isEmpty)
        let least = minor == "1.20.2" ? 100 : 18
        #expect(compared.values.reduce(0, +) >= least, "compared \(compared.sorted { $0.key < $1.key })")
    }

    @Test("A seccomp annotation becomes the field that the server kept beside it")
    func seccomp() throws {
        let annotation = FieldPath("metadata.annotations").member("seccomp.security.alpha.kubernetes.io/pod")
        var compared = 0
        let file = Recordings.folder.appending(path: "1.20.2/11-admission.jsonl")
        for line in try Data(contentsOf: file).split(separator: UInt8(ascii: "\n")) {
            let entry = try JSONValue(parsing: Array(line))
            guard let answer = entry["response"]?["body"].flatMap(KubeObject.init),
                answer[annotation]?.string != nil, let field = answer["spec.securityContext.seccompProfile"]
            else { continue }
            var written = answer
            written["spec.securityContext.seccompProfile"] = nil
            // As somebody wrote it, not as a server gave it.
            for name in ["uid", "resourceVersion"] { written[FieldPath("metadata").member(name)] = nil }
            let mended = ManifestConversion(target: KubernetesVersion(minor: 36)).converted(written)
            #expect(mended["spec.securityContext.seccompProfile"] == field)
            #expect(mended[annotation] == nil)
            compared += 1
        }
        #expect(compared > 0)
    }

    /// The object without what every read changes.
    ///
    /// The JSON in annotations is compared as values, since its byte order is the encoder's.
    private func comparable(_ object: KubeObject, sortingMetrics: Bool) -> JSONValue {
        var json = object.json
        if sortingMetrics, let metrics = json["spec.metrics" as FieldPath]?.array {
            json["spec.metrics" as FieldPath] = .array(metrics.sorted { $0.canonicalText < $1.canonicalText })
        }
        json["metadata.managedFields" as FieldPath] = nil
        json["metadata.resourceVersion" as FieldPath] = nil
        for (name, text) in object.annotations where name.hasPrefix("autoscaling.alpha.kubernetes.io/") {
            guard let text = text.string, let value = try? JSONValue(parsing: text) else { continue }
            let path = FieldPath("metadata.annotations").member(name)
            json[path] = withoutEmptyTolerance(value)
        }
        return json
    }

    /// Servers since 1.33 write a further empty member into the behavior annotation, which means nothing.
    private func withoutEmptyTolerance(_ value: JSONValue) -> JSONValue {
        var value = value
        for direction in ["ScaleUp", "ScaleDown"] where value[direction]?["Tolerance"]?.isNull == true {
            value[FieldPath([.member(direction), .member("Tolerance")])] = nil
        }
        return value
    }
}
