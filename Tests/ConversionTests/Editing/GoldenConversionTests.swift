import Conversion
import FoundationEssentials
import Manifests
import Testing

/// Pairs of files: what an author wrote, and what has to become of it.
///
/// Those in `fixtures/edits` are about the text, those in `fixtures/remedies` about what is mended inside of objects,
/// for the release that their first line names.
///
/// After a change that is meant, `KIRIKAE_RENEW_GOLDEN=1 swift test --filter GoldenConversionTests` writes them anew;
/// then read the difference.
@Suite("Golden conversions")
struct GoldenConversionTests {
    static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../../../fixtures").standardized.path
    static let names = ["edits", "remedies"].flatMap { folder in
        ((try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(folder)")) ?? []).sorted()
            .map { "\(folder)/\($0)" }
    }

    /// For the release that the text is to live with.
    static func conversion(for bytes: [UInt8]) -> ManifestConversion {
        let first = String(decoding: bytes.prefix { $0 != 0x0A }, as: UTF8.self)
        let named = first.hasPrefix("# target ") ? KubernetesVersion(String(first.dropFirst(9))) : nil
        return ManifestConversion(target: named ?? KubernetesVersion(minor: 36))
    }

    static func bytes(_ path: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(filePath: path)))
    }

    static func file(_ name: String, _ which: String) -> String {
        let yaml = "\(root)/\(name)/\(which).yaml"
        return FileManager.default.fileExists(atPath: "\(root)/\(name)/before.json")
            ? "\(root)/\(name)/\(which).json" : yaml
    }

    @Test("There are some") func some() { #expect(Self.names.count >= 20) }

    @Test("Each becomes what its pair says", arguments: names)
    func golden(name: String) throws {
        let file = Self.file(name, "before")
        let bytes = try Self.bytes(file)
        let conversion = Self.conversion(for: bytes).convert(try ManifestSource(bytes: bytes, file: file))
        #expect(conversion.left == [])
        #expect(!conversion.converted.isEmpty)
        if ProcessInfo.processInfo.environment["KIRIKAE_RENEW_GOLDEN"] != nil {
            try Data(conversion.bytes).write(to: URL(filePath: Self.file(name, "after")))
        }
        let expected = try Self.bytes(Self.file(name, "after"))
        #expect(String(decoding: conversion.bytes, as: UTF8.self) == String(decoding: expected, as: UTF8.self))
        #expect((conversion.bytes == expected) == true, "bytes")
    }

    @Test("Once is enough: what was converted is not changed again", arguments: names)
    func idempotent(name: String) throws {
        let file = Self.file(name, "after")
        let bytes = try Self.bytes(file)
        let conversion = Self.conversion(for: bytes).convert(try ManifestSource(bytes: bytes, file: file))
        #expect(conversion.edits == [])
        #expect(conversion.left == [])
    }

    @Test("Line ends, a byte order mark and a missing last line end are kept", arguments: names)
    func variants(name: String) throws {
        let file = Self.file(name, "before")
        let before = try Self.bytes(file)
        let after = try Self.bytes(Self.file(name, "after"))
        func crlf(_ bytes: [UInt8]) -> [UInt8] { bytes.flatMap { $0 == 0x0A ? [0x0D, 0x0A] : [$0] } }
        func bom(_ bytes: [UInt8]) -> [UInt8] { [0xEF, 0xBB, 0xBF] + bytes }
        func unended(_ bytes: [UInt8]) -> [UInt8] {
            var bytes = bytes
            while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
            return bytes
        }
        for change in [crlf, bom, unended, { crlf(bom($0)) }, { unended(crlf($0)) }] {
            let conversion = Self.conversion(for: before)
                .convert(try ManifestSource(bytes: change(before), file: file))
            #expect(String(decoding: conversion.bytes, as: UTF8.self) == String(decoding: change(after), as: UTF8.self))
            #expect((conversion.bytes == change(after)) == true, "bytes")
            #expect(conversion.left == [])
        }
    }
}
