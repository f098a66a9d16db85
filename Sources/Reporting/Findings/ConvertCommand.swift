import Findings
import Manifests

/// The command that writes remedies into files, as it is typed.
enum ConvertCommand {
    /// For one finding; nil where `kirikae convert` cannot mend it, or where there is no file to mend.
    static func line(for finding: Finding, target: KubernetesVersion) -> String? {
        guard finding.isConvertible, let file = finding.location?.file, file != "-" else { return nil }
        return line(for: file, target: target)
    }

    /// For one file.
    static func line(for file: String, target: KubernetesVersion) -> String {
        "kirikae convert \(quoted(file)) --to \(target) --write"
    }

    /// The files that hold findings it mends, in the order in which they come first.
    static func files(of findings: some Sequence<Finding>) -> [String] {
        var seen: Set<String> = []
        return findings.compactMap { finding in
            guard finding.isConvertible, let file = finding.location?.file, file != "-", seen.insert(file).inserted
            else { return nil }
            return file
        }
    }

    /// The path as a shell takes it.
    private static func quoted(_ path: String) -> String {
        let plain = path.unicodeScalars.allSatisfy {
            $0.properties.isAlphabetic || ("0"..."9").contains($0) || "/._-+,:@%=".unicodeScalars.contains($0)
        }
        let safe = path.hasPrefix("-") ? "./\(path)" : path
        return plain && !path.isEmpty ? safe : "'\(safe.replacing("'", with: "'\\''"))'"
    }
}
