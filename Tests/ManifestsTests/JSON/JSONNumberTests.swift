import Manifests
import Testing

@Suite("Numbers")
struct JSONNumberTests {
    @Test("A whole number is an integer however it was written")
    func whole() throws {
        for text in ["1000", "1e3", "1000.0", "1.0e+3", "10000e-1"] {
            #expect(try JSONValue(parsing: text) == .integer(1000))
            #expect(try JSONValue(parsing: text).integer == 1000)
        }
        #expect(JSONValue.number(1000).integer == 1000)
        #expect(JSONValue.number(-0.0) == .integer(0))
    }

    @Test("Equality and hashing go by the canonical form")
    func equality() {
        let whole = [1.0, -7, 0, -0.0, 1e15, 0x1p53, 1e18, -0x1p62]
        for value in whole {
            let double = JSONValue.double(value)
            let integer = JSONValue.number(value)
            #expect(double == integer && integer == double)
            #expect(double.hashValue == integer.hashValue)
            #expect(double.canonicalText == integer.canonicalText)
        }
        #expect(JSONValue.double(0.5) != .integer(0))
        #expect(JSONValue.double(1e19) == .double(1e19))
    }

    @Test("Every double survives canonical form", arguments: 0..<20)
    func doubles(seed: Int) throws {
        var random = SeededRandom(seed: UInt64(seed) + 77)
        for _ in 0..<500 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            let text = JSONValue.double(value).canonicalText
            #expect(Double(text) == value)
            #expect(try JSONValue(parsing: text) == .double(value))
        }
    }

    @Test("Whole doubles beyond 53 bits are the digits that Go writes")
    func large() {
        #expect(JSONValue.number(0x1p60).canonicalText == "1152921504606847000")
        #expect(JSONValue.number(1e18).canonicalText == "1000000000000000000")
        #expect(JSONValue.number(0x1p63).canonicalText == "9.223372036854776e+18")
        #expect(JSONValue.number(-0x1p63).canonicalText == "-9.223372036854776e+18")
    }

    @Test("What is no number is written as null")
    func notFinite() {
        #expect(JSONValue.double(.nan).canonicalText == "null")
        #expect(JSONValue.double(.infinity).canonicalText == "null")
    }
}
