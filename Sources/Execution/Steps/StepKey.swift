import Planning

/// What stands in the annotation `kirikae.dev/step-key` of an object that a run created.
public struct StepKey: Sendable, Hashable, CustomStringConvertible {
    /// The annotation's name.
    public static let annotation = "kirikae.dev/step-key"
    /// The label by which everything a plan created can be listed.
    public static let label = OwnMarks.migrationLabel

    public var run: String
    public var step: String
    public var pass: Int

    public init(run: String, step: String, pass: Int) {
        self.run = run
        self.step = step
        self.pass = pass
    }

    /// Reads the written form; nil when it is not one.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (2...3).contains(parts.count), !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.init(run: parts[0], step: parts[1], pass: parts.count == 3 ? Int(parts[2]) ?? 1 : 1)
    }

    /// `<run>/<step>`, with `/<pass>` behind it from the second pass on.
    public var description: String { "\(run)/\(step)" + (pass > 1 ? "/\(pass)" : "") }
}
