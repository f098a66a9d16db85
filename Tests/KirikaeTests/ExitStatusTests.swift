import FoundationEssentials
import Testing

@testable import kirikae

/// What the exit codes promise to scripts.
@Suite struct ExitStatusTests {
    @Test func theDocumentedTableIsTheToolsOwn() throws {
        let path = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/exit-codes.md")
        let text = String(decoding: try Data(contentsOf: path), as: UTF8.self)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") }.map { row in
            row.split(separator: "|").map { $0.trimmed }
        }
        let documented = rows.compactMap { row in Int32(row[0]).map { "\($0) \(row[1])" } }
        #expect(documented == ExitStatus.allCases.map { "\($0.rawValue) \($0.meaning)" })
    }

    @Test func codesFitAProcessAndNoTwoAreTheSame() {
        #expect(ExitStatus.allCases.allSatisfy { (0...255).contains($0.rawValue) })
        #expect(Set(ExitStatus.allCases.map(\.rawValue)).count == ExitStatus.allCases.count)
    }

    @Test func aPlannedCommandIsCalledThatAndNoArgumentTooMany() {
        #expect(throws: CommandFailure.self) { try NotYet.check(["resolve", "shop"]) }
        #expect(throws: Never.self) { try NotYet.check(["check", "resolve"]) }
        #expect(throws: Never.self) { try NotYet.check([]) }
    }

    /// 64 is what the argument parser would use: a script that knows our table must not meet it.
    @Test func theParsersOwnCodeIsNotAmongThem() {
        #expect(!ExitStatus.allCases.map(\.rawValue).contains(64))
    }
}

extension Substring {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
