import Conversion
import FoundationEssentials
import Manifests
import Testing

/// Manifests of public projects, beside the repository: each is converted and verified, untouched, or named.
@Suite("Conversion of public manifests")
struct CorpusConversionTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../../shared/corpus").standardized.path

    @Test(
        "Every file either converts and reads back, or is untouched, or is named",
        .enabled(if: FileManager.default.fileExists(atPath: root), "../shared/corpus is not there"))
    func corpus() throws {
        let conversion = ManifestConversion(target: KubernetesVersion(minor: 36))
        let paths = try FileManager.default.subpathsOfDirectory(atPath: Self.root)
            .filter { path in [".yaml", ".yml", ".json"].contains { path.hasSuffix($0) } }.sorted()
        #expect(paths.count > 300)
        var converted = 0
        for path in paths {
            let file = "\(Self.root)/\(path)"
            guard let data = FileManager.default.contents(atPath: file),
                let source = try? ManifestSource(bytes: Array(data), file: path)
            else { continue }
            let result = conversion.convert(source)
            converted += result.converted.count
            let objects = source.documents.indices.flatMap { source.objects(inDocument: $0).objects }
            for object in objects where conversion.verdict(on: object.object.gvk) != .stays {
                #expect(
                    result.converted.contains { $0.location == object.location(of: "apiVersion") }
                        || result.left.contains { $0.object == object.object.reference }, "\(path)")
            }
            let wanted = objects.filter { conversion.converted($0.object) != $0.object }
            #expect(result.converted.count <= wanted.count, "\(path)")
            #expect(result.converted.count + result.left.count >= wanted.count, "\(path)")
            #expect(result.isChanged == !result.converted.isEmpty, "\(path)")
            #expect(
                !result.left.contains { $0.code == EditRefusal.Reason.notVerified.rawValue }, "\(path): \(result.left)")
            guard result.isChanged else {
                #expect(result.bytes == source.bytes, "\(path)")
                continue
            }
            let again = conversion.convert(try ManifestSource(bytes: result.bytes, file: path))
            #expect(again.edits == [], "\(path)")
            #expect(again.left.count == result.left.count, "\(path)")
        }
        #expect(converted > 0)
    }
}
