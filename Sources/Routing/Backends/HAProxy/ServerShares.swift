/// Shares in percent as haproxy's absolute weights of 0 to 256 per server, and back.
enum ServerShares {
    /// The largest weight that haproxy takes.
    static let most = 256

    /// The weight of each blue and each green server, nil when that share cannot be had with so many servers.
    ///
    /// Relative weights (`25%`) are never used: they are relative to the configured weight, and with one of 0 nothing
    /// happens, without a word.
    static func perServer(_ weights: Weights, blue: Int, green: Int) -> (blue: Int, green: Int)? {
        let common = divisor(blue, green)
        var perBlue = weights.blue * green / common
        var perGreen = weights.green * blue / common
        if max(perBlue, perGreen) > most {
            let shared = divisor(perBlue, perGreen)
            (perBlue, perGreen) = (perBlue / shared, perGreen / shared)
        }
        let largest = max(perBlue, perGreen)
        // Not exact any more: the finest scale that still reads back as the same percentage.
        for scale in stride(from: min(largest, most), to: 0, by: -1) {
            func scaled(_ weight: Int) -> Int { weight == 0 ? 0 : max(1, (weight * scale + largest / 2) / largest) }
            if percent(blue: scaled(perBlue) * blue, green: scaled(perGreen) * green) == weights {
                return (scaled(perBlue), scaled(perGreen))
            }
        }
        return nil
    }

    /// The shares that two sums of weights mean, to the nearest percent; nil for sums of 0.
    ///
    /// A side that gets anything at all never counts as 0.
    static func percent(blue: Int, green: Int) -> Weights? {
        let sum = blue + green
        guard sum > 0 else { return nil }
        if blue == 0 { return .allGreen }
        if green == 0 { return .allBlue }
        return Weights(green: min(99, max(1, (green * 100 + sum / 2) / sum)))
    }

    private static func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? max(a, 1) : divisor(b, a % b) }
}
