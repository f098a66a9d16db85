/// Times of the week at which a gate may open, in UTC.
///
/// A window that ends before it begins ends on the next day: from 22:00 to 04:00 on `fri` is the night to Saturday.
public struct GateWindow: Sendable, Hashable, Codable {
    /// A day of the week.
    public enum Day: String, Sendable, Hashable, WrittenChoice {
        case mon
        case tue
        case wed
        case thu
        case fri
        case sat
        case sun
    }

    /// The days on which it begins; every day when left out.
    public var days: [Day]?
    /// `HH:MM`, UTC.
    public var from: String
    /// `HH:MM`, UTC.
    public var to: String

    public init(days: [Day]? = nil, from: String, to: String) {
        self.days = days
        self.from = from
        self.to = to
    }

    /// Milliseconds from that moment (since 1970) until the window is open; 0 while it is.
    public func wait(at wall: Int64) -> Int64 {
        guard let from = Self.minutes(from), let to = Self.minutes(to) else { return 0 }
        let day: Int64 = 86_400_000
        let today = wall.floored(by: day)
        let length = Int64((to - from + 1440) % 1440) * 60_000
        // Yesterday's may still be open; within a week and a day every one has begun.
        for offset in -1...8 as ClosedRange<Int64> where isChosen(today + offset) {
            let begins = (today + offset) * day + Int64(from) * 60_000
            if wall < begins + length { return max(0, begins - wall) }
        }
        return 0
    }

    private func isChosen(_ day: Int64) -> Bool {
        guard let days, !days.isEmpty else { return true }
        // 1970-01-01 was a Thursday.
        let index = Int((day + 3) - (day + 3).floored(by: 7) * 7)
        return days.contains(Day.allCases[index])
    }

    /// Minutes since midnight; nil for what is no time of day.
    static func minutes(_ text: String) -> Int? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard text.utf8.count == 5, parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]),
            (0..<24).contains(hour), (0..<60).contains(minute)
        else { return nil }
        return hour * 60 + minute
    }
}

extension Int64 {
    /// The quotient, rounded down.
    fileprivate func floored(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
