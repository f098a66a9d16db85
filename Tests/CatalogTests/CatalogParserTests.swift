import Catalog
import Testing

@Suite("Reading a catalog")
struct CatalogParserTests {
    static let header = "oldest 1.11\nnewest 1.37\n\n"
    static let line = "  resource widgets namespaced resource ga on list\n"

    @Test("accepts a block with only its resource line")
    func smallest() throws {
        let catalog = try Catalog(parsing: Self.header + "example.com/v1 Widget\n" + Self.line)
        let entry = try #require(catalog.lifecycle(of: gvk("example.com/v1 Widget")))
        #expect(entry.resource == "widgets" && entry.namespaced && entry.hasList && entry.introduced == nil)
        #expect(catalog.isServed(entry.gvk, at: v(20)))
    }

    @Test(
        "refuses what it does not understand, with the line",
        arguments: [
            ("", CatalogError.Code.missingFact, 3),
            ("  resource x\n", .syntax, 4),
            ("example.com/v1\n", .syntax, 4),
            ("example.com/v1 Widget\n", .missingFact, 4),
            ("example.com/v1 Widget\n  removed 1.20\n", .missingFact, 5),
            ("example.com/v1 Widget\n  resource widgets namespaced resource ga\n", .syntax, 5),
            ("example.com/v1 Widget\n  resource widgets here resource ga on\n", .syntax, 5),
            ("example.com/v1 Widget\n" + line + "  removed soon\n", .syntax, 6),
            ("example.com/v1 Widget\n" + line + "  vanished 1.20\n", .syntax, 6),
            ("example.com/v1 Widget\n" + line + "  removed 1.20\n  removed 1.21\n", .duplicate, 7),
            ("example.com/v1 Widget\n" + line + "  introduced 1.20\n  removed 1.19\n", .contradiction, 7),
            ("example.com/v1 Widget\n" + line + "\nexample.com/v1 Widget\n" + line, .duplicate, 7),
            ("example.com/v1 Widget\n" + line + "example.com/v1 Other\n", .syntax, 6),
        ])
    func refuses(_ text: String, _ code: CatalogError.Code, _ line: Int) {
        // The first row is the missing range: it has no header either.
        let whole = text.isEmpty ? "oldest 1.11\n\n\n" : Self.header + text
        let error = #expect(throws: CatalogError.self) { try Catalog(parsing: whole) }
        #expect(error?.code == code && error?.line == line, "\(error?.description ?? "")")
    }
}
