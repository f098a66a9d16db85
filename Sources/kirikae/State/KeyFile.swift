import Crypto
import FoundationEssentials

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Keys of 32 bytes in files of 64 hexadecimal digits.
enum KeyFile {
    /// The key in that file; made, readable by its owner only, when there is none.
    static func own(_ file: String, what: String) throws -> [UInt8] {
        if let found = try read(file, what: what) { return found }
        let made = made()
        do { try keep(made, in: file, what: what) } catch {
            // Another process was quicker.
            if let found = try read(file, what: what) { return found }
            throw error
        }
        return made
    }

    /// A new key.
    static func made() -> [UInt8] { SymmetricKey(size: .bits256).withUnsafeBytes { Array($0) } }

    /// Puts a key into a file that is not there yet.
    static func keep(_ key: [UInt8], in file: String, what: String) throws {
        try StateDirectory.make(file.deletingLastPart)
        // Whole under another name first: a process that starts at the same moment must not read half a key.
        let making = "\(file).\(getpid())"
        let descriptor = open(making, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw refusal("cannot write the \(what) to \(file)") }
        defer { unlink(making) }
        let text = text(key)
        let isWritten =
            text.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) } == text.count && fsync(descriptor) == 0
        close(descriptor)
        guard isWritten, link(making, file) == 0 else { throw refusal("cannot write the \(what) to \(file)") }
    }

    /// The key in that file; nil when there is no such file.
    static func read(_ file: String, what: String) throws -> [UInt8]? {
        guard FileManager.default.fileExists(atPath: file) else { return nil }
        guard let data = FileManager.default.contents(atPath: file) else {
            throw refusal("cannot read the \(what) \(file)")
        }
        guard let bytes = key(String(decoding: data, as: UTF8.self)) else {
            throw refusal("\(file) does not hold a \(what) of 64 hexadecimal digits")
        }
        return bytes
    }

    /// 64 hexadecimal digits as a key, white space aside; nil for anything else.
    static func key(_ text: String) -> [UInt8]? {
        let digits = text.filter { !$0.isWhitespace }
        guard digits.utf8.count == 64 else { return nil }
        var bytes: [UInt8] = []
        var rest = Substring(digits)
        while !rest.isEmpty {
            guard rest.prefix(2).allSatisfy(\.isHexDigit), let byte = UInt8(rest.prefix(2), radix: 16) else {
                return nil
            }
            bytes.append(byte)
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    /// What stands in the file of a key.
    static func text(_ key: [UInt8]) -> [UInt8] {
        let digits = key.map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.joined()
        return Array((digits + "\n").utf8)
    }

    private static func refusal(_ message: String) -> CommandFailure { CommandFailure(.usage, message) }
}

extension String {
    /// The folder of a path.
    fileprivate var deletingLastPart: String {
        guard let slash = lastIndex(of: "/") else { return "." }
        return slash == startIndex ? "/" : String(self[..<slash])
    }
}
