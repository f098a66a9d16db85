extension String {
    /// True when both strings consist of the same UTF-8 bytes.
    package func utf8Equals(_ other: String) -> Bool {
        let (a, b) = (utf8.span, other.utf8.span)
        guard a.count == b.count else { return false }
        for index in 0..<a.count where a[index] != b[index] { return false }
        return true
    }

    /// True when this string's UTF-8 bytes come before those of `other`: the order of Go's `sort.Strings`
    /// and of canonical JSON here.
    package func utf8Precedes(_ other: String) -> Bool {
        let (a, b) = (utf8.span, other.utf8.span)
        let common = min(a.count, b.count)
        for index in 0..<common where a[index] != b[index] { return a[index] < b[index] }
        return a.count < b.count
    }
}
