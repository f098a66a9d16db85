import FoundationEssentials
import Manifests
import Testing

@testable import Conversion

/// Objects of old versions in layouts made up by chance: whatever the layout, the edited text means what was wanted,
/// is not changed a second time, and keeps every line and comment that had no part in it.
@Suite("Conversion of any layout")
struct LayoutPropertyTests {
    static let conversion = ManifestConversion(target: KubernetesVersion(minor: 36))

    /// The objects of the golden pairs, of the edits and of the conversions, which hold every kind that changes more
    /// than its version; those that a person has to look at are none of it.
    static let objects: [KubeObject] =
        (GoldenConversionTests.names.map { GoldenConversionTests.file($0, "before") }
        + [GoldenConversionTests.root + "/conversion"])
        .flatMap { ManifestLoader().load([$0]).objects.map(\.object) }
        .filter { conversion.converted($0) != $0 && conversion.change(of: $0).left.isEmpty }

    /// Members that a conversion takes away or takes apart, so that comments in them may go.
    static let bare = Set<String>(
        [
            "rollbackTo", "templateGeneration", "topology", "basic", "subjects", "version", "validation", "conversion",
            "additionalPrinterColumns", "subresources", "preserveUnknownFields", "uid", "assuredConcurrencyShares",
            // What remedies take away or write anew.
            "annotations", "source", "parameters", "status", "initializers", "topologyKeys", "ipFamily", "clusterName",
            "selfLink", "claims", "serviceAccount", "accessModes",
        ] + InTreeVolume.byChange.values.map(\.source))

    @Test("Means what it should, once and twice, with every comment", arguments: 0..<20)
    func anyLayout(round: Int) throws {
        for (index, object) in Self.objects.enumerated() {
            let seed = UInt64(round * 1000 + index)
            let expected = Self.conversion.converted(object).json
            // Where all of a spec moves up, the comment on its own line goes.
            let bare = expected["spec"] == nil ? Self.bare.union(["spec"]) : Self.bare
            var scribbler = LayoutScribbler(seed: seed, bare: bare)
            var text = scribbler.document(object.json)
            if seed % 3 == 0 { text = text.replacing("\n", with: "\r\n") }
            if seed % 4 == 0 { text.removeLast() }
            if seed % 5 == 0 { text = "\u{FEFF}" + text }
            let bytes = Array(text.utf8)
            let source = try ManifestSource(bytes: bytes, file: "seed-\(seed).yaml")
            try #require(source.documents.first?.value == object.json, "\(seed): the test's own text\n\(text)")

            let outcome = Self.conversion.convert(source)
            let after = String(decoding: outcome.bytes, as: UTF8.self)
            #expect(outcome.left == [], "seed \(seed)\n\(text)")
            let rewritten = try ManifestSource(bytes: outcome.bytes, file: "after.yaml")
            #expect(rewritten.documents.map(\.value) == [expected], "seed \(seed)\n\(text)\n\(after)")
            #expect(Self.conversion.convert(rewritten).edits == [], "seed \(seed)")
            for number in 1...max(1, scribbler.comments) where scribbler.comments > 0 {
                #expect(after.contains("# comment \(number)-"), "seed \(seed), comment \(number)\n\(text)\n\(after)")
            }
            expectUntouchedLines(text, after, outcome.edits, seed)
        }
    }

    /// Every line without an edit on it is there after it, byte for byte and in order; all lines end as they did.
    private func expectUntouchedLines(_ before: String, _ after: String, _ edits: [TextEdit], _ seed: UInt64) {
        let bytes = Array(before.utf8)
        var kept: [ArraySlice<UInt8>] = []
        var start = 0
        // A last line without an end may get one when something follows it.
        for (offset, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            let line = start..<(offset + 1)
            let isTouched = edits.contains {
                $0.range.isEmpty
                    ? line.contains($0.range.lowerBound) && $0.range.lowerBound > line.lowerBound
                    : $0.range.overlaps(line)
            }
            if !isTouched { kept.append(bytes[line]) }
            start = offset + 1
        }
        var rest = Array(after.utf8)[...]
        for line in kept {
            guard let place = rest.firstRange(of: line) else {
                Issue.record(
                    "seed \(seed): the line \(String(decoding: line, as: UTF8.self)) is gone\n\(before)\n\(after)")
                return
            }
            rest = rest[place.upperBound...]
        }
        let hasCarriage = before.contains("\r\n")
        let feeds = after.utf8.count { $0 == UInt8(ascii: "\n") }
        let returns = after.utf8.count { $0 == UInt8(ascii: "\r") }
        #expect(returns == (hasCarriage ? feeds : 0), "seed \(seed): line ends")
    }
}
