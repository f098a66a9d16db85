public import Manifests

/// What was measured at one gate, once, as its journal tells.
public struct GateMeasurement: Sendable, Hashable {
    /// The gate's step id.
    public var gate: String
    /// What followed from it.
    public var result: Result
    /// Why, where it was not good.
    public var reason: String?
    /// Whole numbers, and what has fractions as text.
    public var figures: JSONObject

    /// What a measurement led to.
    public enum Result: String, Sendable, Hashable {
        case good
        case bad
        case inconclusive
    }

    /// Every measurement that came to a conclusion, in the order of the journal.
    public static func all(in records: [JournalRecord]) -> [GateMeasurement] {
        records.compactMap { record in
            let entry = record.entry
            guard let gate = entry.text("gate"), let figures = entry.fields["figures"]?.object else { return nil }
            let result: Result? =
                switch entry.type {
                case .gateApproved: .good
                case .gateRejected: .bad
                case .gateWaiting: .inconclusive
                default: nil
                }
            return result.map {
                GateMeasurement(
                    gate: gate, result: $0, reason: entry.text("reason") ?? ($0 == .good ? nil : entry.text("message")),
                    figures: figures)
            }
        }
    }

    /// The figures in a line.
    public var text: String { Self.text(figures) }

    /// Figures as records hold them, in a line for people.
    public static func text(_ figures: JSONObject) -> String {
        var parts: [String] = []
        if let samples = figures["samples"]?.integer {
            parts.append("\(samples - (figures["failed"]?.integer ?? 0)) of \(samples) answers good")
        }
        for member in figures where member.key.hasPrefix("p") && member.key.hasSuffix("Milliseconds") {
            let quantile = member.key.dropFirst().prefix { $0.isNumber }
            let blue = figures["blueMilliseconds"]?.integer.map { " (blue \($0) ms)" } ?? ""
            parts.append("\(quantile) % within \(member.value.integer ?? 0) ms\(blue)")
        }
        if let value = figures["value"]?.string {
            parts.append("query \(value)" + (figures["blueValue"]?.string.map { " (blue \($0))" } ?? ""))
        }
        if let volume = figures["volume"]?.string { parts.append("over \(volume)") }
        if let aside = figures["aside"]?.integer { parts.append("\(aside) from the other side") }
        if let unsent = figures["unsent"]?.integer { parts.append("\(unsent) not sent") }
        return parts.joined(separator: ", ")
    }
}
