// fuzz-modules: Manifests
// fuzz-corpus: yaml
import Manifests

/// Any bytes as a manifest: every outcome has its account, every place lies in the text, and what is accepted
/// survives being written and read again.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzYAML(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let limits = ReaderLimits(depth: 64, bytes: 1 << 20, aliasNodes: 1000, nodes: 10_000, flowDepth: 32)
    let report = ManifestLoader(limits: limits).load(bytes: bytes, file: "f.yaml")
    precondition(report.filesSeen == 1, "not counted")
    precondition(report.filesRead + report.filesSkipped + report.filesFailed == 1, "counts do not add up")
    for object in report.objects { check(object.location(of: "metadata.name"), in: bytes) }
    do {
        for document in try YAML.documents(bytes, file: "f.yaml", limits: limits) {
            check(document.start, in: bytes)
            // Aliases may have made it larger and deeper than a text may be.
            let written = Array(YAML.text(document.value).utf8)
            let again = try? YAML.documents(written, file: "f.yaml")
            precondition(again?.map(\.value) == [document.value], "written YAML reads otherwise")
            let canonical = document.value.canonicalBytes
            precondition((try? JSONValue(parsing: canonical)) == document.value, "written JSON reads otherwise")
        }
    } catch {
        guard let place = error.location else { preconditionFailure("an error without a place") }
        check(place, in: bytes)
    }
    return 0
}

private func check(_ place: SourceLocation, in bytes: [UInt8]) {
    // A return alone ends a line too, and so do three characters outside ASCII.
    precondition(place.line >= 1 && place.line <= bytes.count + 1, "no such line")
    precondition(place.column >= 1 && place.column <= bytes.count + 1, "no such column")
}
