import CZlib

extension Gzip {
    /// The bytes as one gzip stream, packed as small as zlib can; the same bytes always give the same stream.
    public static func deflate(_ bytes: [UInt8]) throws(GzipError) -> [UInt8] {
        var input = bytes
        let packed = unsafe input.withUnsafeMutableBufferPointer { source in unsafe deflate(source) }
        guard let packed else { throw GzipError(code: .corrupt, message: "zlib could not pack the bytes") }
        return packed
    }

    private static func deflate(_ source: UnsafeMutableBufferPointer<UInt8>) -> [UInt8]? {
        var stream = unsafe z_stream()
        // 31 = the widest window, with gzip's header and checksum; 9 = most memory, fastest search.
        let opened = unsafe deflateInit2_(
            &stream, Z_BEST_COMPRESSION, Z_DEFLATED, 31, 9, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
            Int32(MemoryLayout<z_stream>.size))
        guard opened == Z_OK else { return nil }
        defer { _ = unsafe deflateEnd(&stream) }
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = UInt32(clamping: source.count)
        var output = [UInt8](repeating: 0, count: Int(unsafe deflateBound(&stream, UInt(source.count))))
        let status = unsafe output.withUnsafeMutableBufferPointer { buffer in
            unsafe stream.next_out = buffer.baseAddress
            unsafe stream.avail_out = UInt32(clamping: buffer.count)
            return unsafe CZlib.deflate(&stream, Z_FINISH)
        }
        guard status == Z_STREAM_END else { return nil }
        return Array(output.prefix(Int(unsafe stream.total_out)))
    }
}
