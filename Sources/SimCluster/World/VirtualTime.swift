/// Seconds since 1970 in the forms that Kubernetes objects hold, in UTC.
///
/// No wall clock is involved.
package enum VirtualTime {
    /// A civil date and time.
    struct Civil: Sendable, Equatable {
        var year: Int
        var month: Int
        var day: Int
        var hour: Int
        var minute: Int
        var second: Int
        /// 0 is Sunday.
        var weekday: Int
    }

    /// `2026-01-31T10:20:30Z`.
    static func text(_ seconds: Int) -> String {
        let civil = civil(seconds)
        return "\(padded(civil.year, 4))-\(padded(civil.month, 2))-\(padded(civil.day, 2))"
            + "T\(padded(civil.hour, 2)):\(padded(civil.minute, 2)):\(padded(civil.second, 2))Z"
    }

    /// Reads RFC 3339 with `Z` or an offset; fractions of a second are dropped.
    ///
    /// Nil for anything else.
    package static func seconds(_ text: String) -> Int? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: "t")
        else { return nil }
        func number(_ range: Range<Int>) -> Int? { Int(String(decoding: bytes[range], as: UTF8.self)) }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
            let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19)
        else { return nil }
        var seconds = days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        let zone = bytes[19...].drop { $0 == UInt8(ascii: ".") || (0x30...0x39).contains($0) }
        switch zone.first {
        case UInt8(ascii: "Z"), UInt8(ascii: "z"): break
        case .some(let sign) where zone.count == 6 && (sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-")):
            let start = zone.startIndex
            guard let hours = number(start + 1..<start + 3), let minutes = number(start + 4..<start + 6) else {
                return nil
            }
            seconds -= (sign == UInt8(ascii: "+") ? 1 : -1) * (hours * 3600 + minutes * 60)
        default: return nil
        }
        return seconds
    }

    /// The calendar's view of a moment.
    static func civil(_ seconds: Int) -> Civil {
        let day = seconds.floored(by: 86_400)
        let rest = seconds - day * 86_400
        // Counted in eras of 400 years that begin on 1 March, so that the leap day is the last of its year.
        let shifted = day + 719_468
        let era = shifted.floored(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return Civil(
            year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * shiftedMonth + 2) / 5 + 1, hour: rest / 3600, minute: rest / 60 % 60,
            second: rest % 60, weekday: (day % 7 + 11) % 7)
    }

    /// `37s`, `5m`, `3h4m`, `2d`: an age as kubectl prints it, roughly.
    static func age(_ seconds: Int) -> String {
        switch max(seconds, 0) {
        case let s where s < 120: "\(s)s"
        case let s where s < 600: s % 60 == 0 ? "\(s / 60)m" : "\(s / 60)m\(s % 60)s"
        case let s where s < 3 * 3600: "\(s / 60)m"
        case let s where s < 8 * 3600: s / 60 % 60 == 0 ? "\(s / 3600)h" : "\(s / 3600)h\(s / 60 % 60)m"
        case let s where s < 48 * 3600: "\(s / 3600)h"
        case let s where s < 8 * 86_400: s / 3600 % 24 == 0 ? "\(s / 86_400)d" : "\(s / 86_400)d\(s / 3600 % 24)h"
        case let s where s < 2 * 365 * 86_400: "\(s / 86_400)d"
        case let s: "\(s / (365 * 86_400))y\(s / 86_400 % 365)d"
        }
    }

    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = year.floored(by: 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

extension Int {
    fileprivate func floored(by divisor: Int) -> Int { self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor) }
}
