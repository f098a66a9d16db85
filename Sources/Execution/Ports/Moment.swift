/// A point in time as the journal writes it: wall time for people, monotonic time for durations.
public struct Moment: Sendable, Hashable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var wall: Int64
    /// Nanoseconds since the run began.
    ///
    /// Never goes back within one run.
    public var monotonic: Int64

    public init(wall: Int64, monotonic: Int64) {
        self.wall = wall
        self.monotonic = monotonic
    }

    /// RFC 3339 in UTC with milliseconds: `2026-01-31T12:00:00.000Z`.
    public var timestamp: String { Self.timestamp(milliseconds: wall) }

    /// RFC 3339 in UTC of milliseconds since 1970.
    public static func timestamp(milliseconds: Int64) -> String {
        let (days, inDay) = milliseconds.quotientAndFloorRemainder(86_400_000)
        // Days to a date of the Gregorian calendar, counted in years that begin in March so that the leap day is last.
        let shifted = days + 719_468
        let (era, dayOfEra) = shifted.quotientAndFloorRemainder(146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let seconds = inDay / 1_000
        return pad(year, 4) + "-" + pad(month, 2) + "-" + pad(day, 2) + "T" + pad(seconds / 3_600, 2) + ":"
            + pad(seconds / 60 % 60, 2) + ":" + pad(seconds % 60, 2) + "." + pad(inDay % 1_000, 3) + "Z"
    }

    private static func pad(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int64 {
    fileprivate func quotientAndFloorRemainder(_ divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}
