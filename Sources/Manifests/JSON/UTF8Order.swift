extension String {
    /// True when both strings consist of the same UTF-8 bytes.
    package func utf8Equals(_ other: String) -> Bool {
        // `==` on strings is a byte comparison for ASCII; only then may canonical equivalence differ.
        self == other && utf8.count == other.utf8.count && (utf8.elementsEqual(other.utf8))
    }

    /// True when this string's UTF-8 bytes come before those of `other`: the order of Go's `sort.Strings`
    /// and of canonical JSON here.
    package func utf8Precedes(_ other: String) -> Bool {
        utf8.lexicographicallyPrecedes(other.utf8)
    }
}
