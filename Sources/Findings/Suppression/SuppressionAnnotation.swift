import Manifests

/// Suppressions that stand on the object itself.
///
///     metadata:
///       annotations:
///         kirikae.dev/suppress: api-removed until=2027-01-31 reason=leaves with the March release
///
/// One clause to a line: codes divided by commas, the last day, the reason up to the end of the line.
public enum SuppressionAnnotation {
    /// The annotation's name.
    public static let name = "kirikae.dev/suppress"
    /// The code of the finding that says a clause met nothing; reports tell it beside the findings.
    public static let unusedCode = "suppression-unused"

    static let path = FieldPath("metadata.annotations").member(name)

    /// What one line of the annotation says.
    enum Clause: Equatable {
        case suppression(Suppression)
        /// Why it cannot be read.
        case malformed(String)
    }

    /// The clauses of an annotation's value, in order; blank lines are none.
    static func clauses(_ text: String) -> [Clause] {
        text.split(whereSeparator: \.isNewline).map { String($0).trimmed }.filter { !$0.isEmpty }.map(clause)
    }

    private static func clause(_ line: String) -> Clause {
        var rest = line[...]
        var codes: [String] = []
        var until: CalendarDate?
        while !rest.isEmpty {
            rest = rest.drop(while: \.isWhitespace)
            if rest.hasPrefix("reason=") {
                let reason = String(rest.dropFirst("reason=".count)).trimmed
                if codes.isEmpty { return .malformed("'\(line)' names no code") }
                guard let until else { return .malformed("'\(line)' has no last day; write until=2027-01-31") }
                if reason.isEmpty { return .malformed("'\(line)' has no reason; write it behind reason=") }
                return .suppression(Suppression(.annotation, codes: codes, reason: reason, until: until))
            }
            let word = rest.prefix { !$0.isWhitespace }
            rest = rest.dropFirst(word.count)
            if word.hasPrefix("until=") {
                guard let day = CalendarDate(String(word.dropFirst("until=".count))) else {
                    return .malformed("'\(word)' is no day; write until=2027-01-31")
                }
                until = day
            } else if word.contains("=") || word.contains("*") {
                return .malformed("'\(word)' is not understood")
            } else {
                codes += word.split(separator: ",").map(String.init)
            }
        }
        return .malformed("'\(line)' has no reason; write it last, as reason=why")
    }

    /// Marks the findings of one object that its annotation suppresses, and adds one for each clause that met nothing.
    static func mark(_ findings: [Finding], of subject: CheckSubject) -> [Finding] {
        guard let text = subject.object.annotations[name]?.string else { return findings }
        var marked = findings
        for case .suppression(var suppression) in clauses(text) {
            suppression.location = subject.location(of: path)
            var isUsed = false
            for index in marked.indices where suppression.covers(marked[index]) {
                isUsed = true
                if marked[index].suppression.map({ $0.until < suppression.until }) ?? true {
                    marked[index].suppression = suppression
                }
            }
            if !isUsed {
                marked.append(
                    subject.finding(
                        unusedCode, .info, about: subject.object.gvk, at: path,
                        message: "\(name) suppresses \(suppression.codes.joined(separator: " and ")), and there is no "
                            + "such finding on \(subject.object.reference).",
                        remedy: "Take it out."))
            }
        }
        return marked
    }
}
