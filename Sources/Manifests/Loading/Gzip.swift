import CZlib

/// Why compressed bytes could not be taken apart.
public struct GzipError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What kind of trouble it is.
    public enum Code: String, Sendable, Hashable {
        /// The bytes are not gzip, or damaged.
        case corrupt
        /// They end before the content does.
        case truncated
        /// The content is larger than allowed.
        case limit
    }

    public var code: Code
    public var message: String

    public var description: String { message }
}

/// Reads gzip, bounded: a few kilobytes of it can stand for gigabytes.
public enum Gzip {
    /// Whether the bytes begin as gzip does.
    public static func looksCompressed(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.prefix(3).elementsEqual([0x1F, 0x8B, 0x08])
    }

    /// The content of one gzip stream; what follows the stream is ignored, as gzip's own tool does for zeros.
    ///
    /// - Parameters:
    ///   - bytes: the compressed bytes.
    ///   - limit: how many bytes the content may have.
    public static func inflate(_ bytes: [UInt8], limit: Int) throws(GzipError) -> [UInt8] {
        guard looksCompressed(bytes) else { throw GzipError(code: .corrupt, message: "not gzip") }
        var input = bytes
        var output: [UInt8] = []
        let status = unsafe input.withUnsafeMutableBufferPointer { source in
            unsafe inflate(source, into: &output, limit: limit)
        }
        switch status {
        case Z_STREAM_END: return output
        case Z_MEM_ERROR: throw GzipError(code: .limit, message: "more than \(limit) bytes when unpacked")
        case Z_BUF_ERROR, Z_OK: throw GzipError(code: .truncated, message: "the compressed bytes end too early")
        default: throw GzipError(code: .corrupt, message: "the compressed bytes are damaged")
        }
    }

    /// Unpacks piece by piece; answers with zlib's last status, `Z_MEM_ERROR` when the limit is passed.
    private static func inflate(
        _ source: UnsafeMutableBufferPointer<UInt8>, into output: inout [UInt8], limit: Int
    ) -> Int32 {
        var stream = unsafe z_stream()
        // 31 = the widest window, with gzip's header and checksum rather than zlib's.
        let opened = unsafe inflateInit2_(&stream, 31, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
        guard opened == Z_OK else { return opened }
        defer { _ = unsafe inflateEnd(&stream) }
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = UInt32(clamping: source.count)
        var piece = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let (status, count) = unsafe piece.withUnsafeMutableBufferPointer { buffer in
                unsafe stream.next_out = buffer.baseAddress
                unsafe stream.avail_out = UInt32(buffer.count)
                let status = unsafe CZlib.inflate(&stream, Z_NO_FLUSH)
                return (status, unsafe buffer.count - Int(stream.avail_out))
            }
            guard output.count + count <= limit else { return Z_MEM_ERROR }
            output += piece[..<count]
            if status != Z_OK { return status }
        }
    }
}
