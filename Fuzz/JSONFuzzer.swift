// fuzz-modules: Manifests
// fuzz-corpus: json
import Manifests

/// Any bytes as JSON: what is accepted must survive being written and read again, and the reader that records
/// places must agree with the one that does not.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzJSON(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    let limits = ReaderLimits(depth: 64, bytes: 1 << 20, aliasNodes: 0, nodes: 10_000)
    let documents = try? JSONDocuments.documents(bytes, file: "f", limits: limits)
    guard let value = try? JSONValue(parsing: bytes, limits: limits) else { return 0 }
    let canonical = value.canonicalBytes
    precondition(documents?.map(\.value) == [value], "the readers disagree")
    precondition((try? JSONValue(parsing: canonical))?.canonicalBytes == canonical, "canonical form is not stable")
    precondition((try? JSONValue(parsing: value.indentedText)) == value, "indented form reads otherwise")
    let written = YAML.text(value)
    precondition((try? YAML.documents(Array(written.utf8), file: "f"))?.map(\.value) == [value], "YAML reads otherwise")
    return 0
}
