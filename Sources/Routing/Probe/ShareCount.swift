/// How many answers came from each side.
public struct ShareCount: Sendable, Hashable, CustomStringConvertible {
    public var blue: Int
    public var green: Int

    public init(blue: Int = 0, green: Int = 0) {
        self.blue = blue
        self.green = green
    }

    /// All answers.
    public var total: Int { blue + green }

    /// Whether such counts are to be expected of a balancer that chooses by these weights.
    ///
    /// A side without a share must not have answered at all. Between the extremes the count may stray by four and a half
    /// standard deviations of independent choices, and one: a right balancer fails that less than once in 100 000 looks.
    /// Small counts hardly tell one share from another; they are not meant to.
    public func isPlausible(for weights: Weights) -> Bool {
        if weights.green == 0 { return green == 0 }
        if weights.blue == 0 { return blue == 0 }
        let share = Double(weights.green) / 100
        let expected = Double(total) * share
        let deviation = (expected * (1 - share)).squareRoot()
        return abs(Double(green) - expected) <= 4.5 * deviation + 1
    }

    public var description: String { "blue \(blue) and green \(green) of \(total)" }
}
