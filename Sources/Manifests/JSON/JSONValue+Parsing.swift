extension JSONValue {
    /// Reads one JSON text (RFC 8259), strictly: UTF-8 only, no comments, no trailing commas, no lone
    /// surrogates, nothing behind the value but white space.
    ///
    /// - Parameters:
    ///   - bytes: the whole text.
    ///   - limits: bounds that keep hostile input from exhausting stack or memory.
    public init(
        parsing bytes: some Collection<UInt8>, limits: ReaderLimits = .standard
    ) throws(JSONError) {
        let array = (bytes as? [UInt8]) ?? Array(bytes)
        var reader = JSONReader(bytes: array, limits: limits)
        self = try reader.document()
    }

    /// Reads one JSON text given as a string.
    public init(parsing text: String, limits: ReaderLimits = .standard) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }
}
