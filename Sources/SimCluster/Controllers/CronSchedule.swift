/// A schedule of five fields, as CronJobs have it, in UTC.
///
/// `spec.timeZone` is not looked at yet.
struct CronSchedule: Sendable, Equatable {
    private var minutes: Set<Int>
    private var hours: Set<Int>
    private var days: Set<Int>
    private var months: Set<Int>
    private var weekdays: Set<Int>
    /// A day counts when either field allows it, unless one of them is `*`: then the other decides.
    private var eitherDay: Bool

    /// Nil when the text is no schedule.
    init?(_ text: String) {
        var fields = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).map(String.init)
        // A time zone may stand in front.
        if let first = fields.first, first.hasPrefix("TZ=") || first.hasPrefix("CRON_TZ=") { fields.removeFirst() }
        if fields.count == 1, let named = Self.named[fields[0]] {
            fields = named.split(separator: " ").map(String.init)
        }
        guard fields.count == 5,
            let minutes = Self.values(fields[0], 0...59), let hours = Self.values(fields[1], 0...23),
            let days = Self.values(fields[2], 1...31), let months = Self.values(fields[3], 1...12, Self.monthNames),
            let weekdays = Self.values(fields[4], 0...7, Self.weekdayNames)
        else { return nil }
        self.minutes = minutes
        self.hours = hours
        self.days = days
        self.months = months
        self.weekdays = Set(weekdays.map { $0 % 7 })
        eitherDay =
            !fields[2].hasPrefix("*") && !fields[2].hasPrefix("?") && !fields[4].hasPrefix("*")
            && !fields[4].hasPrefix("?")
    }

    /// The first moment after the given one that fits; nil when none comes within five years.
    func next(after seconds: Int) -> Int? {
        var time = (seconds / 60 + 1) * 60
        let limit = seconds + 5 * 366 * 86_400
        while time <= limit {
            let civil = VirtualTime.civil(time)
            if !months.contains(civil.month) || !dayFits(civil) {
                time = (time / 86_400 + 1) * 86_400
            } else if !hours.contains(civil.hour) {
                time = (time / 3600 + 1) * 3600
            } else if !minutes.contains(civil.minute) {
                time += 60
            } else {
                return time
            }
        }
        return nil
    }

    private func dayFits(_ civil: VirtualTime.Civil) -> Bool {
        let day = days.contains(civil.day)
        let weekday = weekdays.contains(civil.weekday)
        return eitherDay ? day || weekday : day && weekday
    }

    private static func values(_ field: String, _ range: ClosedRange<Int>, _ names: [String] = []) -> Set<Int>? {
        var values: Set<Int> = []
        func number(_ text: Substring) -> Int? {
            if let index = names.firstIndex(of: text.lowercased()) { return index + range.lowerBound }
            return Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: "/", omittingEmptySubsequences: false)
            guard halves.count <= 2, let body = halves.first, !body.isEmpty else { return nil }
            var step = 1
            if halves.count == 2 {
                guard let given = Int(halves[1]), given > 0 else { return nil }
                step = given
            }
            var low = range.lowerBound
            var high = range.upperBound
            if body != "*" && body != "?" {
                let ends = body.split(separator: "-", omittingEmptySubsequences: false)
                guard ends.count <= 2, let first = number(ends[0]) else { return nil }
                low = first
                high = halves.count == 2 && ends.count == 1 ? range.upperBound : first
                if ends.count == 2 {
                    guard let last = number(ends[1]), last >= first else { return nil }
                    high = last
                }
            }
            values.formUnion(stride(from: low, through: high, by: step))
        }
        return values
    }

    private static let named = [
        "@yearly": "0 0 1 1 *", "@annually": "0 0 1 1 *", "@monthly": "0 0 1 * *", "@weekly": "0 0 * * 0",
        "@daily": "0 0 * * *", "@midnight": "0 0 * * *", "@hourly": "0 * * * *",
    ]
    private static let monthNames = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ]
    private static let weekdayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
}
