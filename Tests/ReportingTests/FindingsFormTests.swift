import Findings
import FoundationEssentials
import Manifests
import Testing

@testable import Reporting

/// What other programs rest on: published schemas, reading back, and that nothing in a manifest becomes markup.
@Suite("The form of a report")
struct FindingsFormTests {
    static func schema(_ name: String) throws -> JSONSchema {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/schema/\(name).schema.json")
        return JSONSchema(root: try JSONValue(parsing: Array(try Data(contentsOf: file))))
    }

    @Test("is its published schema, in JSON")
    func publishedSchema() throws {
        let schema = try Self.schema("findings")
        for report in [CheckReport(try FindingsReportTests.result()), try FindingsReportTests.mixed()] {
            #expect(schema.complaints(about: FindingsJSON.json(report)) == [])
        }
        // A schema that takes everything would prove nothing.
        var wrong = FindingsJSON.json(try FindingsReportTests.mixed())
        wrong["findings"] = [["code": "api-removed"]]
        #expect(schema.complaints(about: wrong).count > 5)
        wrong["findings"] = []
        wrong["target"] = "soon"
        wrong["extra"] = 1
        #expect(schema.complaints(about: wrong).count == 2)
    }

    @Test("of a baseline and of suppressions is published too")
    func otherSchemas() throws {
        let baseline = Baseline(try FindingsReportTests.result().findings)
        let value = try JSONValue(parsing: baseline.text)
        #expect(try Self.schema("baseline").complaints(about: value) == [])
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/schema/suppressions.example.yaml")
        let bytes = Array(try Data(contentsOf: file))
        let schema = try Self.schema("suppressions")
        #expect(schema.complaints(about: try YAML.documents(bytes, file: "example").first?.value ?? .null) == [])
        #expect(try SuppressionFile.read(bytes, file: "example").count == 3)
        #expect(!schema.complaints(about: ["suppressions": [["reason": "all", "until": "2027-01-01"]]]).isEmpty)
    }

    @Test("is read back as it was written")
    func roundTrip() throws {
        var made = [CheckReport(try FindingsReportTests.result()), try FindingsReportTests.mixed()]
        made[0].result.from = KubernetesVersion(minor: 20)
        made[0].result.quietReleases = [KubernetesVersion(minor: 28)]
        made[0].result.servedBy = "green"
        made[0].result.source = .cluster(
            InventoryCluster(name: "blue", uid: "u", version: KubernetesVersion(minor: 24)))
        made[0].result.notSeen = ["v1 Secret: may not be listed"]
        made[0].entries[0].finding.place = .helmRelease(name: "shop", revision: 3, line: 14)
        made[0].entries[1].finding.place = .managedFields(manager: "helm")
        made[0].entries[2].finding.fact = "psp-gone"
        made[0].entries[2].finding.confidence = .likely
        for report in made {
            let text = FindingsJSON.render(report)
            let read = try FindingsReader.read(Array(text.utf8))
            #expect(FindingsJSON.render(read) == text)
            for format in FindingsFormat.allCases { #expect(format.render(read) == format.render(report)) }
        }
    }

    @Test(
        "is refused in words when it is something else",
        arguments: [
            "", "{", "[]", "{\"kind\": \"FindingList\"}", "{\"kind\": \"Plan\", \"apiVersion\": \"kirikae.dev/v1\"}",
        ])
    func refused(_ text: String) {
        #expect(throws: FindingsReader.Failure.self) { try FindingsReader.read(Array(text.utf8)) }
    }

    @Test("is refused with the place when a member is missing")
    func missing() throws {
        var value = FindingsJSON.json(try FindingsReportTests.mixed())
        value[FieldPath("findings[1].severity")] = "awful"
        let error = #expect(throws: FindingsReader.Failure.self) {
            try FindingsReader.read(value.canonicalBytes)
        }
        #expect(error?.description == "findings[1]: severity 'awful' is not known")
    }

    @Test("keeps to SARIF: rules by index, columns, fingerprints, suppressions, and no success with things unread")
    func sarif() throws {
        let report = try FindingsReportTests.mixed()
        let log = FindingsSARIF.json(report, toolVersion: "1.2.3")
        let run = try #require(log["runs"]?[0])
        let rules = try #require(run["tool"]?["driver"]?["rules"]?.array)
        let results = try #require(run["results"]?.array)
        #expect(results.count == report.entries.count)
        for result in results {
            let index = try #require(result["ruleIndex"]?.integer)
            #expect(rules[Int(index)]["id"] == result["ruleId"])
            #expect(result["locations"]?[0]?["physicalLocation"]?["region"]?["startLine"]?.integer ?? 0 > 0)
            #expect(result["partialFingerprints"]?["kirikaeFinding/v1"]?.string?.count == 32)
            #expect(result["suppressions"]?.array != nil && result["baselineState"]?.string != nil)
        }
        #expect(results.count { $0["suppressions"]?.array?.isEmpty == false } == 1)
        #expect(results.count { $0["baselineState"] == "unchanged" } == 1)
        let invocation = try #require(run["invocations"]?[0])
        #expect(invocation["executionSuccessful"] == false)
        let unread = invocation["toolExecutionNotifications"]?.array?.filter { $0["level"] == "error" }
        #expect(
            unread?.first?["locations"]?[0]?["physicalLocation"]?["artifactLocation"]?["uri"]
                == "deploy/torn%20%26%20worn.yaml")
        let clean = FindingsSARIF.json(CheckReport(try FindingsReportTests.result()), toolVersion: "")
        #expect(clean["runs"]?[0]?["invocations"]?[0]?["executionSuccessful"] == true)
    }

    @Test("lets no name become markup, a command or a mention")
    func hostile() throws {
        let report = try FindingsReportTests.mixed()
        let html = FindingsFormat.html.render(report)
        #expect(!html.contains("<script>alert") && html.contains("&lt;script&gt;alert"))
        let markdown = FindingsFormat.markdown.render(report)
        for line in markdown.split(separator: "\n") where line.hasPrefix("| ") && !line.hasPrefix("| |") {
            #expect(line.replacing("\\|", with: "").count { $0 == "|" } == 5, "\(line)")
        }
        #expect(!FindingsFormat.junit.render(report).contains("<script>alert"))
        var result = try FindingsReportTests.result()
        result.findings[0].message = "one\n::error::two 100%"
        result.findings[0].location?.file = "a,b:c.yaml"
        let commands = FindingsFormat.github.render(CheckReport(result)).split(separator: "\n")
        #expect(commands.allSatisfy { $0.hasPrefix("::") } && !commands.contains { $0.hasPrefix("::error::") })
        #expect(commands[0].contains("file=a%2Cb%3Ac.yaml,line=2,col=13,title="))
        #expect(commands[0].contains("one ::error::two 100%25"))
    }

    @Test("is well-formed XML for JUnit, with counts that add up")
    func junit() throws {
        let text = FindingsFormat.junit.render(try FindingsReportTests.mixed())
        var open: [Substring] = []
        for piece in text.matches(of: #/<(\/?)([a-z-]+)[^>]*?(\/?)>/#) {
            let (_, close, name, alone) = piece.output
            if !close.isEmpty { #expect(open.popLast() == name) } else if alone.isEmpty { open.append(name) }
        }
        #expect(open.isEmpty)
        #expect(text.ranges(of: "<testcase ").count == 7)
        #expect(text.contains("<testsuites name=\"kirikae check\" tests=\"7\" failures=\"2\" errors=\"1\">"))
        #expect(text.ranges(of: "<skipped ").count == 2)
    }
}
