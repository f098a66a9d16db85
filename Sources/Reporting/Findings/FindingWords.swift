import Findings
import Manifests

/// How the members of a finding are called in front of people.
enum FindingWords {
    /// `breaks at 1.25`.
    static func severity(_ finding: Finding) -> String {
        finding.severity.rawValue + (finding.since.map { " at \($0)" } ?? "")
    }

    /// What happens, in a word or two.
    static func consequence(_ consequence: Finding.Consequence) -> String {
        switch consequence {
        case .refused: "refused"
        case .ignored: "ignored"
        case .pruned: "field dropped"
        case .behavesDifferently: "behaves differently"
        case .breaksLater: "breaks later"
        case .nothingYet: "nothing yet"
        }
    }

    /// Where it was read, when that is not the object as it stands.
    static func place(_ place: Finding.Place) -> String? {
        switch place {
        case .object: nil
        case .lastApplied: "in the last-applied annotation"
        case .managedFields(let manager): "in the fields of manager \(manager)"
        case .helmRelease(let name, let revision, let line):
            "in Helm release \(name), revision \(revision), line \(line) of its manifest"
        case .reference: "in a reference"
        case .template: "in a template that was not rendered"
        case .server: "told by the server"
        }
    }

    /// A number and what it counts.
    static func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

    /// Text from manifests on one line, with control characters written out: a name must not steer a terminal.
    static func visible(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var shown = ""
        for scalar in text.unicodeScalars {
            if scalar == "\n" || scalar == "\t" {
                shown += " "
            } else if isControl(scalar) {
                shown += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                shown.unicodeScalars.append(scalar)
            }
        }
        return shown
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        // Marks that turn the direction of writing around can make one line read as another.
        case .format: (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value)
        default: false
        }
    }
}
