import Manifests
import Testing

@Suite("Plain scalars mean what they mean to kubectl")
struct YAMLScalarTests {
    static let table: [(String, JSONValue)] = [
        // YAML 1.1 booleans, in exactly three capitalisations.
        ("y", true), ("Y", true), ("yes", true), ("Yes", true), ("YES", true), ("yEs", "yEs"), ("true", true),
        ("True", true), ("TRUE", true), ("tRue", "tRue"), ("on", true), ("On", true), ("ON", true), ("oN", "oN"),
        ("n", false), ("N", false), ("no", false), ("No", false), ("NO", false), ("false", false), ("False", false),
        ("FALSE", false), ("off", false), ("Off", false), ("OFF", false),
        ("yes please", "yes please"), ("nothing", "nothing"), ("truely", "truely"),
        // Null.
        ("", .null), ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("nULL", "nULL"),
        ("~~", "~~"), ("nil", "nil"),
        // Integers.
        ("0", 0), ("1", 1), ("-1", -1), ("+1", 1), ("-0", 0), ("1_000", 1000), ("1__0", 10), ("+_1", 1),
        ("0x1F", 31), ("0X1f", 31), ("-0x10", -16), ("+0x10", 16), ("0o17", 15), ("0O17", 15), ("017", 15),
        ("0777", 511), ("-017", -15), ("00", 0), ("0b101", 5), ("-0b101", -5), ("0B1", 1), ("0_7", 7),
        ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
        ("9223372036854775808", .double(0x1p63)), ("18446744073709551615", .double(0x1p64)),
        ("18446744073709551616", .double(0x1p64)), ("+9223372036854775808", .double(0x1p63)),
        // What only looks like one.
        ("08", 8), ("09.5", 9.5), ("0x", "0x"), ("0xg", "0xg"), ("0o8", "0o8"), ("0b2", "0b2"), ("--1", "--1"),
        ("+-1", "+-1"), ("+", "+"), ("1 2", "1 2"), ("1-2", "1-2"), ("١", "١"), ("0x+1", "0x+1"),
        ("_1", "_1"), ("12e03", 12000),
        // Floats; a whole number is an integer.
        ("1.5", 1.5), ("-1.5", -1.5), ("1.0", 1), ("1.", 1), (".5", 0.5), ("-.5", -0.5), ("+.5e1", 5), ("1e3", 1000),
        ("1E+3", 1000), ("1e-2", 0.01), ("1234e2", 123400), ("1e1000", "1e1000"), ("1e", "1e"), ("e3", "e3"),
        (".", "."), ("..5", "..5"), (".e3", ".e3"), ("1.2.3", "1.2.3"), ("1.2e3.4", "1.2e3.4"), ("1_0.5", 10.5),
        ("._5", "._5"), ("1e18", 1_000_000_000_000_000_000), ("0.1", 0.1), ("-0.0", 0), ("1e-400", 0),
        // Neither times nor base 60.
        ("2020-01-01", "2020-01-01"), ("2020-01-01T10:00:00Z", "2020-01-01T10:00:00Z"), ("1:30", "1:30"),
        ("190:20:30", "190:20:30"), ("12:30:45.5", "12:30:45.5"),
        // Other strings.
        ("a", "a"), ("1.2.3.4/8", "1.2.3.4/8"), ("100m", "100m"), ("1Gi", "1Gi"), ("=", "="), ("v1", "v1"),
        ("Infinity", "Infinity"), ("NaN", "NaN"), ("inf", "inf"),
        // Tags and quotes.
        ("!!str 12", "12"), ("!!str", ""), ("!!int \"12\"", 12), ("!!float 1", 1), ("!!float \"1.5\"", 1.5),
        ("!!bool \"yes\"", true), ("!!null ''", .null), ("!!timestamp 2020-01-01", "2020-01-01"),
        ("!!binary aGVsbG8=", "hello"), ("!Ref x", "x"), ("!Ref 12", "12"), ("'12'", "12"), ("\"yes\"", "yes"),
        ("'~'", "~"), ("|\n  12", "12\n"), (">-\n  yes", "yes"),
    ]

    @Test("As a value", arguments: table)
    func value(written: String, meaning: JSONValue) throws {
        let documents = try YAML.documents(Array("a: \(written)\n".utf8), file: "f")
        #expect(documents.first?.value["a"] == meaning)
    }

    @Test(
        "As a name",
        arguments: [
            ("1", "1"), ("0x10", "16"), ("017", "15"), ("y", "true"), ("Off", "false"), ("1.5", "1.5"), ("1e3", "1000"),
            ("1e6", "1e+06"), ("0.00001", "1e-05"), ("1.10", "1.1"), ("-0.25", "-0.25"), ("'1.10'", "1.10"),
            ("2020-01-01", "2020-01-01"), ("\"y\"", "y"), ("!!str 1", "1"), ("? a", "a"), ("'<<'", "<<"),
            ("1234567.5", "1.2345675e+06"), ("0.5e-3", "0.0005"), ("100000.0", "100000"),
        ])
    func name(written: String, name: String) throws {
        let separator = written.hasPrefix("?") ? "\n" : ""
        let documents = try YAML.documents(Array("\(written)\(separator): x\n".utf8), file: "f")
        #expect(documents.first?.value == .object([name: "x"]))
    }

    @Test(
        "What JSON cannot say is refused",
        arguments: [
            "a: .inf", "a: -.INF", "a: .NaN", "a: !!int abc", "a: !!int 1.5", "a: !!float x", "a: !!bool 1",
            "a: !!null x", "a: !!binary '?'", "a: !!binary '/w=='", "~: x", "null: x", "[a]: x", "{a: b}: x",
            "18446744073709551615: x", "? [a]\n: x",
        ])
    func refused(text: String) {
        #expect(code(of: text) == .unsupportedValue)
    }
}

/// The code of the error that reading the text ends with, nil when it is read.
func code(of text: String, limits: ReaderLimits = .standard) -> ManifestError.Code? {
    do {
        _ = try YAML.documents(Array(text.utf8), file: "f", limits: limits)
        return nil
    } catch {
        return error.code
    }
}
