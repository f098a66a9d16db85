import Execution

/// The time of day, for what is written into documents.
enum WallClock {
    /// Now, in seconds since 1970.
    static func seconds() -> Int64 { Int64(SystemClock().wallMilliseconds) / 1000 }

    /// Now, RFC 3339 in UTC to the second.
    static func timestamp() -> String {
        let text = Moment.timestamp(milliseconds: SystemClock().wallMilliseconds)
        return text.prefix(19) + "Z"
    }
}
