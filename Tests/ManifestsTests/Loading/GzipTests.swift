import Manifests
import Testing

@Suite("Gzip")
struct GzipTests {
    /// `hello, hello, hello` and a line feed, packed by gzip with no name and no time.
    static let packed: [UInt8] = [
        0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0xD7,
        0x51, 0xC8, 0x40, 0xA2, 0xB8, 0x00, 0xE7, 0x42, 0x6E, 0x52, 0x14, 0x00, 0x00, 0x00,
    ]

    @Test("is unpacked")
    func unpacks() throws {
        #expect(String(decoding: try Gzip.inflate(Self.packed, limit: 100), as: UTF8.self) == "hello, hello, hello\n")
    }

    @Test("is refused past the limit, cut short, damaged, or when it is something else")
    func refuses() {
        let limited = #expect(throws: GzipError.self) { try Gzip.inflate(Self.packed, limit: 19) }
        #expect(limited?.code == .limit)
        for length in 3..<Self.packed.count {
            let short = #expect(throws: GzipError.self) {
                try Gzip.inflate(Array(Self.packed.prefix(length)), limit: 100)
            }
            #expect(short?.code == .truncated)
        }
        var damaged = Self.packed
        damaged[damaged.count - 6] ^= 0xFF
        #expect(#expect(throws: GzipError.self) { try Gzip.inflate(damaged, limit: 100) }?.code == .corrupt)
        #expect(#expect(throws: GzipError.self) { try Gzip.inflate([1, 2, 3], limit: 100) }?.code == .corrupt)
    }
}
