import FoundationEssentials
import Manifests
import Testing

/// `kirikae drill` as a program: what other programs may rely on in its report.
@Suite("kirikae drill, as a program")
struct DrillTests {
    @Test("The report of the reference plan keeps its keys and types")
    func shape() async throws {
        let folder = try Folder()
        let exit = try await Program(
            Tools.kirikae, ["drill", Tools.project + "/plans/shop", "--out", folder.path + "/drill", "-o", "json"],
            environment: ["HOME": folder.path], folder: folder.path, label: "drill"
        ).end()
        #expect(exit.code == 0, "\(exit.error)")
        let written = try Data(contentsOf: URL(filePath: folder.path + "/drill/report.json"))
        let report = try JSONValue(parsing: Array(written))
        #expect(try JSONValue(parsing: Array(exit.output.utf8)) == report)
        let claims = (report["claims"]?.array ?? []).compactMap { $0["id"]?.string }
        let now = Self.shape(of: report, at: "").sorted() + claims.map { "claim \($0)" }
        let path = Tools.project + "/fixtures/reports/drill/shape.txt"
        let kept = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
            .split(separator: "\n").map(String.init)
        #expect(now == kept, "keys are a promise to programs; when one is added, add it to \(path)")
    }

    /// Each place in the value with the type of what stands there; of a list only what its elements have in common.
    private static func shape(of value: JSONValue, at path: String) -> Set<String> {
        switch value {
        case .object(let members):
            return members.reduce(into: []) { $0.formUnion(shape(of: $1.value, at: "\(path).\($1.key)")) }
        case .array(let elements):
            return elements.reduce(into: ["\(path) list"]) { $0.formUnion(shape(of: $1, at: "\(path)[]")) }
        case .string: return ["\(path) string"]
        case .integer, .double: return ["\(path) number"]
        case .bool: return ["\(path) bool"]
        case .null: return ["\(path) null"]
        }
    }
}
