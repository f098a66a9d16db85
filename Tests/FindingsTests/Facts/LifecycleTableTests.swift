import Catalog
import Findings
import Manifests
import Testing

/// Every API of the lifecycle: found at the release that removes, deprecates or brings it, and not on the other side.
@Suite("Every API of the lifecycle")
struct LifecycleTableTests {
    static let catalog = Catalog.builtIn
    /// Bodies of subresources and what other servers serve are no objects in files.
    static let entries = catalog.lifecycles.filter { $0.kindClass != .subresource && $0.kindClass != .aggregated }
    static let minors = (12...37).map { KubernetesVersion(minor: $0) }

    @Test("is found at its releases and not before", arguments: minors)
    func table(_ minor: KubernetesVersion) {
        let before = KubernetesVersion(minor: minor.minor - 1)
        var run = FactRun()
        for entry in Self.entries {
            let kind = entry.gvk.kind == "*" ? "ClusterConfiguration" : entry.gvk.kind
            run.add(
                FactCase(
                    json: ["apiVersion": .string(entry.gvk.apiVersion), "kind": .string(kind)], code: "",
                    what: "\(entry.gvk)"))
        }
        let old = run.findings(at: before).findings
        let new = run.findings(at: minor).findings
        for (index, entry) in Self.entries.enumerated() {
            func has(_ findings: [Finding], _ codes: String...) -> Bool {
                findings.contains { codes.contains($0.code) && $0.severity == .breaks }
            }
            if entry.endOfService == minor {
                #expect(has(new[index], "api-removed", "pod-security-policy"), "\(entry.gvk) at \(minor)")
                #expect(!has(old[index], "api-removed", "pod-security-policy"), "\(entry.gvk) at \(before)")
            }
            if entry.introduced == minor {
                #expect(!has(new[index], "api-not-served-yet"), "\(entry.gvk) at \(minor)")
                #expect(has(old[index], "api-not-served-yet"), "\(entry.gvk) at \(before)")
            }
            if entry.deprecated == minor, entry.endOfService != minor {
                func isDeprecated(_ findings: [Finding]) -> Bool {
                    findings.contains {
                        $0.code == "api-deprecated" || $0.code == "pod-security-policy" && $0.severity == .warns
                    }
                }
                #expect(isDeprecated(new[index]), "\(entry.gvk) at \(minor)")
                #expect(!isDeprecated(old[index]), "\(entry.gvk) at \(before)")
            }
        }
    }

    @Test("has a replacement that is clean where it is named", arguments: minors)
    func replacements(_ minor: KubernetesVersion) {
        var run = FactRun()
        for entry in Self.entries where entry.endOfService == minor {
            guard let replacement = Self.catalog.replacement(for: entry.gvk, at: minor) else { continue }
            run.add(
                FactCase(
                    json: ["apiVersion": .string(replacement.apiVersion), "kind": .string(replacement.kind)],
                    code: "", what: "\(replacement)"))
        }
        let found = run.findings(at: minor).findings
        for (index, entry) in run.cases.enumerated() {
            #expect(!found[index].contains { $0.code.hasPrefix("api-") && $0.severity == .breaks }, "\(entry.what)")
        }
    }
}
