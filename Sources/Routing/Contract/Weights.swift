/// How traffic of one route is shared between the two clusters, in percent.
///
/// Invariant: both shares lie in 0...100 and their sum is exactly 100. Weights that sum to 0 mean something
/// else in every balancer (an equal split in Route 53, 503 in HAProxy), so they cannot be expressed here.
public struct Weights: Sendable, Hashable, Codable, CustomStringConvertible {
    public let blue: Int
    public let green: Int

    /// Nil unless `green` lies in 0...100; blue has the rest.
    public init?(green: Int) {
        guard (0...100).contains(green) else { return nil }
        self.green = green
        blue = 100 - green
    }

    private init(unchecked green: Int) {
        self.green = green
        blue = 100 - green
    }

    /// All traffic on blue: where every migration begins, and where every way back ends.
    public static let allBlue = Weights(unchecked: 0)
    /// All traffic on green.
    public static let allGreen = Weights(unchecked: 100)

    public var description: String { "blue \(blue) % · green \(green) %" }

    private enum CodingKeys: String, CodingKey { case blue, green }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let blue = try container.decode(Int.self, forKey: .blue)
        let green = try container.decode(Int.self, forKey: .green)
        guard (0...100).contains(green), blue + green == 100 else {
            throw DecodingError.dataCorrupted(
                .init(
                    codingPath: decoder.codingPath,
                    debugDescription: "weights must lie in 0...100 and sum to 100, not \(blue) + \(green)"))
        }
        self.init(unchecked: green)
    }
}
