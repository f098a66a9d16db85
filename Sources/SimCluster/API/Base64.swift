/// Base64 of RFC 4648, in both alphabets.
enum Base64 {
    /// With padding in the standard alphabet, without it in the one for URLs.
    static func encode(_ bytes: [UInt8], urlSafe: Bool = false) -> String {
        let alphabet = urlSafe ? urlAlphabet : standardAlphabet
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            var group = 0
            for offset in 0..<3 { group = group << 8 | (offset < count ? Int(bytes[index + offset]) : 0) }
            for place in 0...count { text.append(alphabet[group >> (18 - 6 * place) & 63]) }
            if !urlSafe { text += repeatElement(UInt8(ascii: "="), count: 3 - count) }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Nil when the text is not base64.
    ///
    /// Padding may be missing only in the alphabet for URLs.
    static func decode(_ text: String, urlSafe: Bool = false) -> [UInt8]? {
        let alphabet = urlSafe ? urlAlphabet : standardAlphabet
        var symbols = text.utf8.filter { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        if !urlSafe, symbols.count % 4 != 0 { return nil }
        while symbols.last == UInt8(ascii: "=") { symbols.removeLast() }
        guard symbols.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        var bits = 0
        var width = 0
        for symbol in symbols {
            guard let value = alphabet.firstIndex(of: symbol) else { return nil }
            bits = (bits << 6 | value) & 0xFFFF
            width += 6
            if width >= 8 {
                width -= 8
                bytes.append(UInt8(bits >> width & 0xFF))
            }
        }
        return bytes
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let standardAlphabet = letters + Array("+/".utf8)
    private static let urlAlphabet = letters + Array("-_".utf8)
}
